import { checkMachine } from "../local/preflight/preflight.ts";
import { lineProgress } from "../local/progress.ts";
import { ensureDebianPackages } from "../local/toolchain/debian.ts";
import { command, commandLine } from "./command.ts";
import { runOnPlatform } from "./testing/on-platform.ts";
import { closingLine, endToEndSteps, fastSteps, runStep, type Count } from "./testing/steps.ts";

/**
 * Proves everything: types, lint, format, unit tests, then the end-to-end tests on the real engine and cluster.
 *
 * Arguments choose the test files by path. Brings up what they need; a platform that was not running is stopped again afterwards.
 */
await command(async () => {
  const { values, positionals: only } = commandLine({
    usage: "test [-- PATH…] [-- --take-over]",
    options: { "take-over": { type: "boolean", default: false } },
    positionals: 32,
  });
  const progress = lineProgress();
  await progress.step("machine has what the tests need", () => checkMachine({ cluster: true }));
  await ensureDebianPackages(progress, "tests");

  const counts: Count[] = [];
  for (const step of fastSteps) counts.push(await runStep(step, { only }));
  const takeOver = values["take-over"];
  counts.push(...(await runOnPlatform(endToEndSteps, { only, takeOver, progress })));
  process.stdout.write(`\n${closingLine(counts)}\n`);
  return counts.some((count) => count.failed > 0) ? 1 : 0;
});
