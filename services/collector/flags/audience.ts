import type { AudienceRule } from "../../contract/flag.ts";

/** What is known of a person. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Whether somebody is one of those whom all rules hold for. */
export function audienceOf(rules: readonly AudienceRule[]): (attributes: Attributes) => boolean {
  const tests = rules.map(testOf);
  return (attributes) => {
    for (const test of tests) if (!test(attributes)) return false;
    return true;
  };
}

function testOf({ attribute, in: values, atLeast, atMost, not = false }: AudienceRule) {
  const isNumber = atLeast !== undefined || atMost !== undefined;
  const [from, to] = [atLeast ?? -Infinity, atMost ?? Infinity];
  const holds = (value: unknown): boolean => {
    if (values && !values.includes(value as string)) return false;
    return !isNumber || (typeof value === "number" && value >= from && value <= to);
  };
  return (attributes: Attributes): boolean => holds(attributes[attribute]) !== not;
}
