import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { programName } from "../stacks/names.ts";
import { backupsPath } from "./backups/path.ts";
import { takeDump } from "./backups/take-dump.ts";
import { command, commandLine } from "./command.ts";
import { backendOf, engineEnvironment } from "./engine/environment.ts";
import { kubeconfigOf } from "./engine/kubeconfig.ts";
import { readOutputs } from "./engine/outputs.ts";
import { stackSettings } from "./engine/settings.ts";
import { beginNotes } from "./erase/noted.ts";
import { recordedCare } from "./ledger/care.ts";

/**
 * Writes the data of a stack's database into a file of SQL, and tells the ledger of it; with `--upgrade`, the last that its PostgreSQL
 * has to say.
 */
await command(async () => {
  const { values } = commandLine({
    usage: "backup [-- --stack NAME] [-- --upgrade]",
    options: {
      stack: { type: "string", default: "dev" },
      upgrade: { type: "boolean", default: false },
    },
  });
  const { stack, upgrade } = values;
  programName(stack);
  const { platform, googleProject } = await stackSettings(stack);
  if (platform === "gke") {
    throw new Error(
      `the database of ${stack} must be in its cluster, got one of Google Cloud; run gcloud sql backups create --instance marketing-stack --project ${googleProject}`,
    );
  }
  const progress = lineProgress();
  const toolchain = await resolveToolchain(progress, ["kubernetes", "pulumi"]);
  const begun = new Date();
  const time = begun.toISOString().slice(0, 19).replaceAll(":", "-");
  // Another may begin in the same second.
  const path = join(backupsPath(stack), `${time}-${randomBytes(2).toString("hex")}.sql`);
  await beginNotes(backupsPath(stack));
  // A backup is also for a stack whose state cannot be read: the ledger hears of it with the next update then.
  const outputs = await readOutputs(stack, engineEnvironment(toolchain, backendOf(platform))).catch(
    () => undefined,
  );
  const { done: bytes, said } = await recordedCare({ kind: "backup", stack, begun }, outputs, () =>
    progress.step("dump of the databases", async () =>
      takeDump({
        stack,
        kubeconfig: await kubeconfigOf(stack),
        environment: engineEnvironment(toolchain),
        hold: upgrade,
        path,
      }),
    ),
  );
  process.stdout.write(`\nBackup of ${stack}: ${path} (${Math.ceil(bytes / 1024)} KiB)\n${said}\n`);
  if (upgrade) {
    process.stdout.write(
      `The database takes no changes until its server starts again; the collector keeps events meanwhile.\nNext: npm run up -- --stack ${stack} with the next major version, or kubectl delete pod database-0 to go on with this one\n`,
    );
  }
  return 0;
});
