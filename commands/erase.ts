import { writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { backupsPath } from "./backups/path.ts";
import { command, commandLine } from "./command.ts";
import { stackSettings } from "./engine/settings.ts";
import { onDatabase, onStackDatabase } from "./engine/stack-database.ts";
import { eraseAgain } from "./erase/again.ts";
import { bigQueryErasureSql } from "./erase/bigquery.ts";
import { erase } from "./erase/erase.ts";
import { notedErasures, noteErasure } from "./erase/noted.ts";

const usage = "erase -- [--user ID]… [--anonymous ID]… [--stack NAME] | --again FOLDER";

/** How long an event may wait on its way to BigQuery, in milliseconds: as long as its dead letter is kept. */
const ON_THE_WAY = 31 * 86_400_000;

/** `erase`: erases a person, by any of their ids; or, of a database that was restored, everybody again. */
await command(async () => {
  const { values } = commandLine({
    usage,
    options: {
      user: { type: "string", multiple: true, default: [] },
      anonymous: { type: "string", multiple: true, default: [] },
      again: { type: "string" },
      stack: { type: "string", default: "dev" },
    },
  });
  if (values.again !== undefined) return again(values.again);
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
  await tellOfBigQuery(values.stack);
  return 0;
});

async function again(folder: string): Promise<number> {
  const url = process.env.DATABASE_URL;
  if (!url) {
    throw new Error(
      "DATABASE_URL must lead to the restored database as its administrator, got nothing; releases/README.md says how",
    );
  }
  const erasures = await notedErasures(folder);
  const badRows = await onDatabase(url, (client) => eraseAgain(client, erasures));
  process.stdout.write(`${erasures.length} erasures done again, ${badRows} bad rows went\n`);
  return 0;
}

/** Where events are in BigQuery too: writes down what erases them there. */
async function tellOfBigQuery(stack: string): Promise<void> {
  const { platform, googleProject } = await stackSettings(stack);
  if (platform !== "gke") return;
  const since = Date.now() - ON_THE_WAY;
  const folder = backupsPath(stack);
  const erasures = (await notedErasures(folder)).filter(
    ({ erasedAt }) => Date.parse(erasedAt) > since,
  );
  const path = join(folder, "erase-from-bigquery.sql");
  await writeFile(path, bigQueryErasureSql(googleProject!, erasures), { mode: 0o600 });
  process.stdout.write(
    `BigQuery still has them; in two hours, run:\n  bq query --project_id=${googleProject} --use_legacy_sql=false <${path}\n`,
  );
}
