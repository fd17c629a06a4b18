import { checkMachine } from "../local/preflight/preflight.ts";
import { lineProgress } from "../local/progress.ts";
import { ensureDebianPackages } from "../local/toolchain/debian.ts";
import { command, commandLine } from "./command.ts";
import { runOnPlatform } from "./testing/on-platform.ts";
import { closingLine, faultStep } from "./testing/steps.ts";

/** The long fault runs, which take an hour and more; `FAULT_SEED` repeats one. Arguments choose the test files by path. */
await command(async () => {
  const { positionals: only } = commandLine({
    usage: "test:faults [-- PATH…]",
    options: {},
    positionals: 32,
  });
  const progress = lineProgress();
  await progress.step("machine has what the tests need", () => checkMachine({ cluster: true }));
  await ensureDebianPackages(progress, "tests");
  const counts = await runOnPlatform([faultStep], { only, takeOver: false, progress });
  process.stdout.write(`\n${closingLine(counts)}\n`);
  return counts.some((count) => count.failed > 0) ? 1 : 0;
});
