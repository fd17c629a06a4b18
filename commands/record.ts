import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { programName } from "../stacks/names.ts";
import { command, commandLine } from "./command.ts";
import { backendOf, engineEnvironment } from "./engine/environment.ts";
import { readOutputs } from "./engine/outputs.ts";
import { stackSettings } from "./engine/settings.ts";
import { changeNow } from "./ledger/change.ts";
import { tellLedger } from "./ledger/tell.ts";

const usage = "record -- backup|restore-drill [--failed] [--reason TEXT] [--stack NAME]";

/** Tells the ledger what no command of this repository does: that a backup was made, or restored to see that it can be. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage,
    options: {
      stack: { type: "string", default: "dev" },
      failed: { type: "boolean", default: false },
      reason: { type: "string" },
    },
    positionals: 1,
  });
  const { stack, failed, reason } = values;
  const [kind] = positionals;
  if (kind !== "backup" && kind !== "restore-drill") {
    throw new Error(
      `kind must be backup or restore-drill, got ${JSON.stringify(kind) ?? "nothing"}; usage: npm run ${usage}`,
    );
  }
  programName(stack);
  const { platform } = await stackSettings(stack);
  const toolchain = await resolveToolchain(lineProgress(), ["pulumi"]);
  const outcome = failed ? "failed" : "succeeded";
  const waits = await tellLedger(
    changeNow({
      kind,
      environment: stack,
      subject: stack,
      details: { outcome, ...(reason !== undefined && { reason }) },
    }),
    await readOutputs(stack, engineEnvironment(toolchain, backendOf(platform))),
  );
  const where = waits === undefined ? "is in the ledger" : `waits for the database (${waits})`;
  process.stdout.write(`The ${kind} of ${stack} that ${outcome} ${where}.\n`);
  return 0;
});
