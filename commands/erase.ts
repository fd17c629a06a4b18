import { userInfo } from "node:os";
import { backupsPath } from "./backups/path.ts";
import { command, commandLine } from "./command.ts";
import { onStackDatabase } from "./engine/stack-database.ts";
import { erase } from "./erase/erase.ts";
import { noteErasure } from "./erase/noted.ts";

const usage = "erase -- [--user ID]… [--anonymous ID]… [--stack NAME]";

/** `erase`: erases a person, by any of their ids. */
await command(async () => {
  const { values } = commandLine({
    usage,
    options: {
      user: { type: "string", multiple: true, default: [] },
      anonymous: { type: "string", multiple: true, default: [] },
      stack: { type: "string", default: "dev" },
    },
  });
  const person = { userIds: values.user, anonymousIds: values.anonymous };
  if ([...values.user, ...values.anonymous].filter((id) => id !== "").length === 0) {
    throw new Error(`an id must be given, got none; usage: npm run ${usage}`);
  }
  const { ids, rows } = await onStackDatabase(values.stack, "worker", (client) =>
    erase(client, person, userInfo().username, (erasure) =>
      noteErasure(backupsPath(values.stack), erasure),
    ),
  );
  const lines = Object.entries(rows).map(
    ([table, count]) => `${String(count).padStart(8)} ${table}`,
  );
  process.stdout.write(`${ids} ids erased\n${lines.join("\n")}\n`);
  return 0;
});
