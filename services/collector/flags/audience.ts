import type { AudienceRule } from "../../contract/flag.ts";

/** What is known of a person. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Whether all rules hold for a person. */
export function isInAudience(rules: readonly AudienceRule[], attributes: Attributes): boolean {
  for (const { attribute, in: values, atLeast = -Infinity, atMost = Infinity } of rules) {
    const value = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
    if (values && !values.includes(value as string)) return false;
    if (atLeast === -Infinity && atMost === Infinity) continue;
    if (typeof value !== "number" || !(value >= atLeast && value <= atMost)) return false;
  }
  return true;
}
