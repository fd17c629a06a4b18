import { command, commandLine } from "./command.ts";
import { closingLine, fastSteps, runStep, type Count } from "./testing/steps.ts";

/** The fast loop: types, lint, format and unit tests; arguments choose the unit tests by path. */
await command(async () => {
  const { positionals } = commandLine({ usage: "check [-- PATH…]", options: {}, positionals: 32 });
  const counts: Count[] = [];
  for (const step of fastSteps) counts.push(await runStep(step, { only: positionals }));
  process.stdout.write(`\n${closingLine(counts)}\n`);
  return counts.some((count) => count.failed > 0) ? 1 : 0;
});
