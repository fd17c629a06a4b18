import { startPlatform, platformStatus, stopPlatform } from "../local/platform.ts";
import { checkMachine } from "../local/preflight/preflight.ts";
import { lineProgress } from "../local/progress.ts";
import { ensureDebianPackages } from "../local/toolchain/debian.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { command, commandLine } from "./command.ts";
import { prepareEngine } from "./engine/environment.ts";
import { closingLine, endToEndStep, fastSteps, runStep, type Count } from "./testing/steps.ts";
import { ensureZizmor } from "./testing/zizmor.ts";

/**
 * Proves everything: types, lint, format, unit tests, then the end-to-end tests on the real engine and cluster.
 *
 * Arguments choose the test files by path. Brings up what they need; a platform that was not running is stopped again afterwards.
 */
await command(async () => {
  const { values, positionals } = commandLine({
    usage: "test [-- PATH…] [-- --take-over]",
    options: { "take-over": { type: "boolean", default: false } },
    positionals: 32,
  });
  const progress = lineProgress();
  await progress.step("machine has what the tests need", () => checkMachine({ cluster: true }));
  await ensureDebianPackages(progress, "tests");

  const counts: Count[] = [];
  for (const step of fastSteps) counts.push(await runStep(step, { only: positionals }));

  const zizmor = await ensureZizmor(progress);
  const toolchain = await resolveToolchain(progress);
  const wasRunning = (await platformStatus()).state !== "stopped";
  await startPlatform({ toolchain, progress, cluster: true, takeOver: values["take-over"] });
  try {
    const environment = await prepareEngine(toolchain);
    const PATH = `${zizmor}:${environment.PATH}`;
    counts.push(
      await runStep(endToEndStep, { only: positionals, environment: { ...environment, PATH } }),
    );
  } finally {
    if (!wasRunning) await stopPlatform(progress);
  }
  process.stdout.write(`\n${closingLine(counts)}\n`);
  return counts.some((count) => count.failed > 0) ? 1 : 0;
});
