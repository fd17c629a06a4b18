import type pg from "pg";
import { badRowGroups, groupsText } from "./bad-rows/list.ts";
import { readMappings, requireCommitted } from "./bad-rows/mapping.ts";
import { replayBadRows, reportText } from "./bad-rows/replay.ts";
import { showBadRow } from "./bad-rows/show.ts";
import { command, commandLine } from "./command.ts";
import { onStackDatabase } from "./engine/stack-database.ts";
import { printable } from "./printable.ts";

const usage = "bad-rows -- list|show|replay [ID|FILE…] [--dry-run] [--stack NAME] [--json]";

/** `bad-rows`: lists what senders sent and nobody could use, and replays it by mappings in `repairs/`. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage,
    options: {
      "dry-run": { type: "boolean", default: false },
      stack: { type: "string", default: "dev" },
      json: { type: "boolean", default: false },
    },
    positionals: 1000,
  });
  const [action = "", ...rest] = positionals;
  const run = actionOf(action, rest, values["dry-run"]);
  const login = action === "replay" ? "collector" : "reader";
  const { report, text } = await onStackDatabase(values.stack, login, run);
  const shown = values.json ? JSON.stringify(report, undefined, 2) : text;
  process.stdout.write(`${printable(shown)}\n`);
  return 0;
});

function actionOf(
  action: string,
  rest: readonly string[],
  dryRun: boolean,
): (client: pg.Client) => Promise<{ report: object; text: string }> {
  switch (action) {
    case "list":
      return async (client) => {
        const report = await badRowGroups(client);
        return { report, text: groupsText(report) };
      };
    case "show":
      if (rest.length !== 1) {
        throw new Error(`show must be given one ID, got ${rest.length}; usage: npm run ${usage}`);
      }
      return async (client) => {
        const report = await showBadRow(client, rest[0]!);
        const { raw, ...row } = report;
        return {
          report,
          text: `${JSON.stringify({ ...row, rawBase64: undefined }, undefined, 2)}\n\n${raw}`,
        };
      };
    case "replay": {
      const mappings = readMappings(rest);
      if (!dryRun) requireCommitted(mappings);
      return async (client) => {
        const report = await replayBadRows(client, mappings, dryRun);
        return { report, text: reportText(report, dryRun) };
      };
    }
    default:
      throw new Error(
        `the action must be one of list, show, replay, got ${JSON.stringify(action)}; usage: npm run ${usage}`,
      );
  }
}
