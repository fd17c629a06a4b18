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

/** What a stack needs of a machine. */
interface FoundationOptions {
  readonly settings: StackSettings;
  readonly takeOver: boolean;
  readonly progress: Progress;
}

/**
 * Checks that this machine can carry a stack; writes nothing.
 *
 * @throws Error with what the machine lacks, or with the owner of the running platform.
 */
export async function requireMachine(
  stack: string,
  { settings, takeOver, progress }: FoundationOptions,
): Promise<void> {
  const { state } = await platformStatus();
  if (!takeOver) await requireOwnership({ running: state !== "stopped" });
  await progress.step("machine has what the stack needs", async () => {
    await checkMachine({ cluster: settings.platform === "local" });
    if (settings.portBase !== undefined) await checkStackPorts(stack, settings.portBase);
  });
}

/** Makes this machine, which {@link requireMachine} checked, ready for a stack: packages, toolchain, platform. */
export async function localFoundation({
  settings,
  takeOver,
  progress,
}: FoundationOptions): Promise<Foundation> {
  const cluster = settings.platform === "local";
  const { processes } = await platformStatus();
  // A cluster that runs already goes on with its binaries, though this stack may not need it.
  const hasCluster = cluster || processes.some(({ name }) => name === "apiserver");
  await ensureDebianPackages(progress);
  const toolchain = await resolveToolchain(
    progress,
    toolNames.filter((name) => hasCluster || name.startsWith("pulumi")),
  );
  await startPlatform({ toolchain, progress, cluster, takeOver });
  return { toolchain, environment: await prepareEngine(toolchain, backendOf(settings.platform)) };
}
