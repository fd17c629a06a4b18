import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { checkMachine } from "../local/preflight/preflight.ts";
import { requireOwnership } from "../local/ownership.ts";
import { platformStatus, startPlatform } from "../local/platform.ts";
import { statePath } from "../local/paths.ts";
import { lineProgress } from "../local/progress.ts";
import { ensureDebianPackages } from "../local/toolchain/debian.ts";
import { recordProvenance } from "../local/toolchain/provenance.ts";
import { toolNames } from "../local/toolchain/pins.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { programName } from "../stacks/names.ts";
import { command, commandLine } from "./command.ts";
import { writeCredentials } from "./engine/credentials.ts";
import { prepareEngine } from "./engine/environment.ts";
import { recoverInterrupted } from "./engine/interrupted.ts";
import { readOutputs } from "./engine/outputs.ts";
import { pulumiOutput } from "./engine/pulumi.ts";
import { stackSettings } from "./engine/settings.ts";
import { checkStackPorts } from "./engine/stack-ports.ts";
import { runUpdate } from "./engine/update.ts";
import { summary } from "./engine/summary.ts";
import { proveStack } from "./proof/proof.ts";

/** Brings a stack up from nothing, proves that it works and says where everything is. */
await command(async () => {
  const { values } = commandLine({
    usage: "up [-- --stack NAME] [-- --take-over]",
    options: {
      stack: { type: "string", default: "dev" },
      "take-over": { type: "boolean", default: false },
    },
  });
  const stack = values.stack;
  const progress = lineProgress();
  programName(stack);
  const settings = await stackSettings(stack);
  const cluster = settings.platform === "local";
  const before = await platformStatus();
  if (!values["take-over"]) await requireOwnership({ running: before.state !== "stopped" });
  // A cluster that runs already goes on with its binaries, though this stack may not need it.
  const hasCluster = cluster || before.processes.some(({ name }) => name === "apiserver");

  await progress.step("machine has what the stack needs", async () => {
    await checkMachine({ cluster });
    await checkStackPorts(stack, settings.portBase);
  });
  await ensureDebianPackages(progress);
  const toolchain = await resolveToolchain(
    progress,
    toolNames.filter((name) => hasCluster || name.startsWith("pulumi")),
  );
  await startPlatform({ toolchain, progress, cluster, takeOver: values["take-over"] });
  const environment = await prepareEngine(toolchain);

  recordProvenance(stack, toolchain);
  const logs = join(statePath, "stacks", stack);
  await mkdir(logs, { recursive: true, mode: 0o700 });
  await pulumiOutput(["stack", "select", "--create", stack], environment);
  await progress.step("no interrupted update is left", async (detail) => {
    if (await recoverInterrupted(stack, environment)) detail("cleared what a killed update left");
  });
  const update = await progress.step(`pulumi up --stack ${stack}`, async (detail) => {
    const done = await runUpdate(
      ["up", "--yes", "--skip-preview", "--stack", stack],
      { environment, log: join(logs, "up.log") },
      detail,
    );
    detail(describe(done));
    return done;
  });

  const outputs = await readOutputs(stack, environment);
  if (!outputs) throw new Error(`stack ${stack} must have outputs after pulumi up, found none`);
  const credentials = await writeCredentials(stack, outputs);
  await proveStack(outputs, progress);
  process.stdout.write(summary({ stack, outputs, credentials, unchanged: update.unchanged }));
  return 0;
});

function describe({
  changes,
  unchanged,
}: {
  changes: Readonly<Record<string, number>>;
  unchanged: boolean;
}): string {
  if (unchanged) return `nothing to change, ${changes.same ?? 0} resources as declared`;
  return Object.entries(changes)
    .map(([op, count]) => `${count} ${op}`)
    .join(", ");
}
