import { rateOf, type Arm } from "./arm.ts";
import type { Counted, Finding, Verdict } from "./verdict.ts";

/** One paragraph, for whoever asked the question, on what an experiment has shown. */
export function explain({ arms, alpha }: Counted, verdict: Verdict): string {
  const people = arms.reduce((sum, { exposed }) => sum + exposed, 0);
  const counted = `${people.toLocaleString("en")} people saw one of ${arms.length} variants: ${arms.map(described).join(", ")}.`;
  return `${counted} ${concluded(verdict, arms[0]!.variant, alpha)}`;
}

function described(arm: Arm): string {
  return `${arm.variant} converted ${arm.converted.toLocaleString("en")} of ${arm.exposed.toLocaleString("en")} (${percent(rateOf(arm))})`;
}

function concluded(verdict: Verdict, control: string, alpha: number): string {
  const confidence = `${Number((100 * (1 - alpha)).toFixed(1))} % confidence`;
  switch (verdict.kind) {
    case "mismatch":
      return `They were not shared out as declared (p = ${verdict.pValue.toPrecision(2)}), so assignment or exposure events are broken and nothing can be concluded: repair them and start again.`;
    case "harm":
      return `${verdict.finding.variant} breaks the guard rail ${verdict.guardRail}, by ${interval(verdict.finding)} with ${confidence}: everybody gets ${control} again.`;
    case "winner":
      return `${verdict.finding.variant} is better than ${control}, by ${interval(verdict.finding)} with ${confidence}: it is scaled up.`;
    case "control":
      return `No challenger is as good as ${control} with ${confidence}: everybody gets ${control}.`;
    case "wait":
      return `No variant is told from ${control} yet with ${confidence}; so far ${verdict.findings.map((finding) => `${finding.variant} differs by ${interval(finding)}`).join(", ")}.`;
  }
}

function interval({ difference, low, high }: Finding): string {
  return `${points(difference)} points (between ${points(low)} and ${points(high)})`;
}

function percent(rate: number): string {
  return `${(100 * rate).toFixed(2)} %`;
}

function points(difference: number): string {
  return `${difference < 0 ? "−" : "+"}${Math.abs(100 * difference).toFixed(2)}`;
}
