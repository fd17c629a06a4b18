import { command, commandLine } from "./command.ts";
import { onStackDatabase } from "./engine/stack-database.ts";
import { exportEvents, exportRange } from "./events/export.ts";
import { printTail } from "./events/print-tail.ts";

const usage =
  "events -- tail [--source NAME] [--name NAME] [--json] [--stack NAME] | export --from TIME --to TIME --out FILE.ndjson|FILE.parquet [--source NAME] [--stack NAME]";

/** `events`: shows events as they arrive, or takes them out of the event log. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage,
    options: {
      from: { type: "string" },
      to: { type: "string" },
      out: { type: "string" },
      name: { type: "string" },
      json: { type: "boolean", default: false },
      source: { type: "string" },
      stack: { type: "string", default: "dev" },
    },
    positionals: 1,
  });
  const [action = ""] = positionals;
  switch (action) {
    case "tail":
      await onStackDatabase(values.stack, "reader", (client) => printTail(client, values));
      return 0;
    case "export": {
      const range = exportRange(values);
      const count = await onStackDatabase(values.stack, "reader", (client) =>
        exportEvents(client, range),
      );
      process.stdout.write(`${count} events in ${range.out}\n`);
      return 0;
    }
    default:
      throw new Error(
        `the action must be tail or export, got ${JSON.stringify(action)}; usage: npm run ${usage}`,
      );
  }
});
