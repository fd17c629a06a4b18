import { PURPOSES } from "../../contract/event.ts";
import type { Purpose } from "../../contract/event.ts";
import { isFields } from "./fields.ts";

/**
 * Purposes granted by an object of category → whether it is: categories of their names, in any case, each of which
 * must be `true`. Anything else grants nothing.
 */
export function grantedByCategory(preferences: unknown): Purpose[] {
  if (!isFields(preferences)) return [];
  const given = Object.entries(preferences).map(([category, granted]) => ({
    category: category.toLowerCase(),
    granted,
  }));
  return PURPOSES.filter((purpose) => {
    const said = given.filter(({ category }) => category === purpose);
    return said.length > 0 && said.every(({ granted }) => granted === true);
  });
}

/** Purposes named, in any case, in the list `allowed` and not in the list `denied`. */
export function grantedByList(allowed: unknown, denied: unknown): Purpose[] {
  const namesIn = (list: unknown): Set<string> =>
    new Set(
      (Array.isArray(list) ? list : [])
        .filter((name) => typeof name === "string")
        .map((name) => name.toLowerCase()),
    );
  const [yes, no] = [namesIn(allowed), namesIn(denied)];
  return PURPOSES.filter((purpose) => yes.has(purpose) && !no.has(purpose));
}
