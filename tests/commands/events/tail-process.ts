import { command } from "../../../commands/command.ts";
import { onDatabase } from "../../../commands/engine/stack-database.ts";
import { printTail } from "../../../commands/events/print-tail.ts";

// Prints events until it is stopped: `events -- tail` of the database whose URL is its argument.
await command(async () => {
  await onDatabase(process.argv[2]!, (client) => printTail(client, { json: true }));
  return 0;
});
