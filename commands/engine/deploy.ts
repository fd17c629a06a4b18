import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { requireOwnership } from "../../local/ownership.ts";
import { statePath } from "../../local/paths.ts";
import { platformStatus, startPlatform } from "../../local/platform.ts";
import { checkMachine } from "../../local/preflight/preflight.ts";
import type { Progress } from "../../local/progress.ts";
import { ensureDebianPackages } from "../../local/toolchain/debian.ts";
import { toolNames } from "../../local/toolchain/pins.ts";
import { recordProvenance } from "../../local/toolchain/provenance.ts";
import { resolveToolchain } from "../../local/toolchain/toolchain.ts";
import { programName } from "../../stacks/names.ts";
import { proveStack } from "../proof/proof.ts";
import { writeCredentials } from "./credentials.ts";
import { prepareEngine } from "./environment.ts";
import { recoverInterrupted } from "./interrupted.ts";
import { readOutputs, type StackOutputs } from "./outputs.ts";
import { pulumiOutput } from "./pulumi.ts";
import { stackSettings } from "./settings.ts";
import { checkStackPorts } from "./stack-ports.ts";
import { runUpdate, type Update } from "./update.ts";

/** A stack that was brought to its declared state and proved. */
export interface Deployment {
  readonly update: Update;
  readonly outputs: StackOutputs;
  /** Path of the file with the admin's login and the write keys. */
  readonly credentials: string;
}

/** Which stack to deploy, and how. */
export interface DeployOptions {
  readonly stack: string;
  /** Whether the platform may be taken from another clone. */
  readonly takeOver: boolean;
  readonly progress: Progress;
}

/**
 * Brings a stack from whatever it is to what is declared, and proves that it works: the one way in which commands
 * change a stack. Sets up what is missing below it: packages, toolchain, platform.
 *
 * @throws Error with the first thing that is in the way; a second run goes on where it stopped.
 */
export async function deployStack({
  stack,
  takeOver,
  progress,
}: DeployOptions): Promise<Deployment> {
  programName(stack);
  const settings = await stackSettings(stack);
  const cluster = settings.platform === "local";
  const before = await platformStatus();
  if (!takeOver) await requireOwnership({ running: before.state !== "stopped" });
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
  await startPlatform({ toolchain, progress, cluster, takeOver });
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
  return { update, outputs, credentials };
}

function describe({ changes, unchanged }: Update): string {
  if (unchanged) return `nothing to change, ${changes.same ?? 0} resources as declared`;
  return Object.entries(changes)
    .map(([op, count]) => `${count} ${op}`)
    .join(", ");
}
