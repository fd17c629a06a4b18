import { requireOwnership } from "../../local/ownership.ts";
import { platformStatus, startPlatform } from "../../local/platform.ts";
import { checkMachine } from "../../local/preflight/preflight.ts";
import type { Progress } from "../../local/progress.ts";
import { ensureDebianPackages } from "../../local/toolchain/debian.ts";
import { toolNames } from "../../local/toolchain/pins.ts";
import { resolveToolchain, type Toolchain } from "../../local/toolchain/toolchain.ts";
import { backendOf, prepareEngine } from "./environment.ts";
import type { StackSettings } from "./settings.ts";
import { checkStackPorts } from "./stack-ports.ts";

/** What `pulumi up` of a stack stands on. */
export interface Foundation {
  readonly toolchain: Toolchain;
  /** Environment of the Pulumi CLI. */
  readonly environment: Record<string, string>;
}

/**
 * Makes this machine ready for a stack: packages, toolchain, platform.
 *
 * @throws Error with what the machine lacks, or with the owner of the running platform.
 */
export async function localFoundation(
  stack: string,
  {
    settings,
    takeOver,
    progress,
  }: { settings: StackSettings; takeOver: boolean; progress: Progress },
): Promise<Foundation> {
  const cluster = settings.platform === "local";
  const before = await platformStatus();
  if (!takeOver) await requireOwnership({ running: before.state !== "stopped" });
  // A cluster that runs already goes on with its binaries, though this stack may not need it.
  const hasCluster = cluster || before.processes.some(({ name }) => name === "apiserver");

  await progress.step("machine has what the stack needs", async () => {
    await checkMachine({ cluster });
    if (settings.portBase !== undefined) await checkStackPorts(stack, settings.portBase);
  });
  await ensureDebianPackages(progress);
  const toolchain = await resolveToolchain(
    progress,
    toolNames.filter((name) => hasCluster || name.startsWith("pulumi")),
  );
  await startPlatform({ toolchain, progress, cluster, takeOver });
  return { toolchain, environment: await prepareEngine(toolchain, backendOf(settings.platform)) };
}
