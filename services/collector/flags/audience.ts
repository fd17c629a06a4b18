import type { Purpose } from "../../contract/event.ts";
import type { AudienceRule, Flag } from "../../contract/flag.ts";
import { isFields } from "../dialects/fields.ts";

/** What is known of a person. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Whether somebody is one of those whom all rules of a flag hold for, and has granted what it needs. */
export function audienceOf({
  audience,
  consent = [],
}: Pick<Flag, "audience" | "consent">): (attributes: Attributes) => boolean {
  const tests = [...audience.map(testOf), ...consent.map(grants)];
  return (attributes) => {
    for (const test of tests) if (!test(attributes)) return false;
    return true;
  };
}

/** By `true` alone, as an SDK asks that decides by itself. */
function grants(purpose: Purpose) {
  return ({ consent }: Attributes): boolean => isFields(consent) && consent[purpose] === true;
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
