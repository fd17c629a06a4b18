import type { LintReport } from "./lint.ts";

/** The report for people. */
export function lintText({ campaigns, problems, warnings, audiences }: LintReport): string {
  const sizes = audiences.map(
    ({ campaign, people, agreed }) =>
      `${campaign.padEnd(24)} ${people} people in the audience now, ${agreed} of them agreed to what it is based on`,
  );
  const summary = [
    counted(campaigns, "campaign"),
    counted(problems, "mistake"),
    counted(warnings, "warning"),
  ].join(", ");
  return [...problems, ...warnings.map((warning) => `warning: ${warning}`), ...sizes, summary].join(
    "\n",
  );
}

function counted({ length }: readonly unknown[], noun: string): string {
  return `${length} ${noun}${length === 1 ? "" : "s"}`;
}
