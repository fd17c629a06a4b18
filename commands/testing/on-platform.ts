import { join } from "node:path";
import { startPlatform, platformStatus, stopPlatform } from "../../local/platform.ts";
import type { Progress } from "../../local/progress.ts";
import { allToolNames } from "../../local/toolchain/pins.ts";
import { resolveToolchain } from "../../local/toolchain/toolchain.ts";
import { prepareEngine } from "../engine/environment.ts";
import { ensurePythonTools } from "./python-tools.ts";
import { runStep, type Count, type Step } from "./steps.ts";

/** How to run a step on the platform. */
export interface OnPlatformOptions {
  /** Paths that choose the test files; all if there is none. */
  readonly only: readonly string[];
  /** Whether the platform may be taken from another clone. */
  readonly takeOver: boolean;
  readonly progress: Progress;
}

/** Runs steps with the platform and the engine at hand; a platform that was not running is stopped again afterwards. */
export async function runOnPlatform(
  steps: readonly Step[],
  { only, takeOver, progress }: OnPlatformOptions,
): Promise<Count[]> {
  const python = await ensurePythonTools(progress);
  const toolchain = await resolveToolchain(progress, allToolNames);
  const wasRunning = (await platformStatus()).state !== "stopped";
  await startPlatform({ toolchain, progress, cluster: true, takeOver });
  try {
    const environment = await prepareEngine(toolchain);
    const PATH = `${join(python, "bin")}:${environment.PATH}`;
    const options = { only, environment: { ...environment, PATH, PYTHONPATH: python } };
    const counts: Count[] = [];
    for (const step of steps) counts.push(await runStep(step, options));
    return counts;
  } finally {
    if (!wasRunning) await stopPlatform(progress);
  }
}
