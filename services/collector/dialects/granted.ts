import { PURPOSES } from "../../contract/event.ts";
import type { Purpose } from "../../contract/event.ts";
import { isFields } from "./fields.ts";
import { consentedByTcString } from "./tc-string.ts";

/**
 * Purposes granted by an object of category → whether it is: categories of their names, in any case, each of which
 * must be `true`. Anything else grants nothing. Undefined if nothing is said, see `Draft.consent`.
 *
 * @param tcString consent string of IAB Europe's framework (`TCData.tcString`). A purpose that it speaks of needs it as
 *   well, and needs it only where no category names the purpose. @default - `tcString` among the preferences
 */
export function grantedByCategory(
  preferences: unknown,
  tcString = isFields(preferences) ? preferences.tcString : undefined,
): Purpose[] | undefined {
  const given = Object.entries(isFields(preferences) ? preferences : {}).map(
    ([category, granted]) => ({ category: category.toLowerCase(), granted }),
  );
  return granted((purpose) => {
    const said = given.filter(({ category }) => category === purpose);
    return said.length === 0 ? undefined : said.every(({ granted }) => granted === true);
  }, tcString);
}

/**
 * Purposes named, in any case, in the list `allowed` and not in the list `denied`; undefined if nothing is said.
 *
 * @param tcString as of {@link grantedByCategory}; without a list of allowed ones, it says the rest. @default - none
 */
export function grantedByList(
  allowed: unknown,
  denied: unknown,
  tcString?: unknown,
): Purpose[] | undefined {
  const namesIn = (list: unknown): Set<string> =>
    new Set(
      (Array.isArray(list) ? list : [])
        .filter((name) => typeof name === "string")
        .map((name) => name.toLowerCase()),
    );
  const [yes, no] = [namesIn(allowed), namesIn(denied)];
  return granted((purpose) => {
    if (no.has(purpose)) return false;
    return allowed === undefined ? undefined : yes.has(purpose);
  }, tcString);
}

/** Purposes to which nobody says no and somebody yes: the SDK, or a TC string where the SDK says nothing. */
function granted(
  said: (purpose: Purpose) => boolean | undefined,
  tcString: unknown,
): Purpose[] | undefined {
  const isSilent = said("analytics") === undefined && said("email") === undefined;
  if (isSilent && tcString === undefined) return undefined;
  const consented = tcString === undefined ? undefined : consentedByTcString(tcString);
  return PURPOSES.filter((purpose) => {
    const tc = purpose === "email" ? undefined : consented?.has(purpose);
    return tc !== false && (said(purpose) ?? tc) === true;
  });
}
