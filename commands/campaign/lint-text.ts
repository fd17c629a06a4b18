import type { LintReport } from "./lint.ts";

/** The report for people. */
export function lintText({ campaigns, problems, warnings, audiences }: LintReport): string {
  const sizes = audiences.map(
    ({ campaign, people, agreed }) =>
      `${campaign.padEnd(24)} ${people} people in the audience now, ${agreed} of them agreed to what it is based on`,
  );
  const summary = `${campaigns.length} campaigns, ${problems.length} mistakes, ${warnings.length} warnings`;
  return [...problems, ...warnings.map((warning) => `warning: ${warning}`), ...sizes, summary].join(
    "\n",
  );
}
