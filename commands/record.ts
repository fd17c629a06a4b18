import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { programName } from "../stacks/names.ts";
import { command, commandLine } from "./command.ts";
import { backendOf, engineEnvironment } from "./engine/environment.ts";
import { readOutputs } from "./engine/outputs.ts";
import { stackSettings } from "./engine/settings.ts";
import { recordCare } from "./ledger/care.ts";

const usage = "record -- backup|restore-drill [--failed] [--reason TEXT] [--stack NAME]";

/**
 * Tells the ledger what no command of this repository did: that a backup was made some other way, or restored to see that it
 * can be.
 */
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
  const outputs = await readOutputs(stack, engineEnvironment(toolchain, backendOf(platform))).catch(
    () => undefined,
  );
  const said = await recordCare(
    { kind, stack, outcome, ...(reason !== undefined && { reason }) },
    outputs,
  );
  process.stdout.write(`${said}\n`);
  return 0;
});
