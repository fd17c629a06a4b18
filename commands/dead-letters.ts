import type pg from "pg";
import { command, commandLine } from "./command.ts";
import { deadLetterGroups, groupsText } from "./dead-letters/list.ts";
import { replayDeadLetters, replayedText } from "./dead-letters/replay.ts";
import { showDeadLetter } from "./dead-letters/show.ts";
import { onStackDatabase } from "./engine/stack-database.ts";
import { printable } from "./printable.ts";

const usage = "dead-letters -- list|show|replay [ID|QUEUE…] [--stack NAME] [--json]";

/** `dead-letters`: lists jobs of the worker that were given up, shows one, and gives them back to their queues. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage,
    options: {
      stack: { type: "string", default: "dev" },
      json: { type: "boolean", default: false },
    },
    positionals: 1000,
  });
  const [action = "", ...which] = positionals;
  const run = actionOf(action, which);
  const { report, text } = await onStackDatabase(values.stack, "worker", run);
  const shown = values.json ? JSON.stringify(report, undefined, 2) : text;
  process.stdout.write(`${printable(shown)}\n`);
  return 0;
});

function actionOf(
  action: string,
  which: readonly string[],
): (client: pg.Client) => Promise<{ report: object; text: string }> {
  switch (action) {
    case "list":
      return async (client) => {
        const report = await deadLetterGroups(client);
        return { report, text: groupsText(report) };
      };
    case "show":
      if (which.length !== 1) {
        throw new Error(`show must be given one ID, got ${which.length}; usage: npm run ${usage}`);
      }
      return async (client) => {
        const report = await showDeadLetter(client, which[0]!);
        return { report, text: JSON.stringify(report, undefined, 2) };
      };
    case "replay":
      return async (client) => {
        const report = await replayDeadLetters(client, which);
        return { report, text: replayedText(report) };
      };
    default:
      throw new Error(
        `the action must be one of list, show, replay, got ${JSON.stringify(action)}; usage: npm run ${usage}`,
      );
  }
}
