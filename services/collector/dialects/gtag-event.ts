import type { Purpose } from "../../contract/event.ts";
import { campaignOf } from "./campaign-of.ts";
import { isoTime } from "./clock.ts";
import type { Draft, Unusable } from "./dialect.ts";
import { numberOrText } from "./fields.ts";
import { ga4Kind } from "./ga4-event.ts";
import { gtagItem } from "./gtag-item.ts";
import { messageId } from "./message-id.ts";

/** Parameters that have a place of their own; all others go to `context.gtag`. */
const PLACED = /^(tid|en|cid|uid|cu|dl|dt|dr|ul|(ep|epn|up|upn)\..+|pr\d+)$/;

/** Letters of `gcd` that say granted: by default, by the person, by both, and after a default of no. */
const GRANTED = /[tnvr]/;

/** The contract's view of one hit of gtag.js (README.md), or the reason why it is none. */
export function gtagDraft(params: URLSearchParams, receivedAt: number): Draft | Unusable {
  const name = params.get("en");
  if (!name) return { reason: "en must be the name of what happened, got nothing" };
  const anonymousId = params.get("cid") || null;
  const userId = params.get("uid") || null;
  if (anonymousId === null && userId === null) {
    return { reason: "cid or uid must be given, got neither" };
  }

  const properties: Record<string, unknown> = {};
  const user: Record<string, unknown> = {};
  const items: unknown[] = [];
  const gtag: Record<string, unknown> = {};
  for (const [key, value] of params) {
    if (key.startsWith("ep.")) properties[key.slice(3)] = value;
    else if (key.startsWith("epn.")) properties[key.slice(4)] = numberOrText(value);
    else if (key.startsWith("up.")) user[key.slice(3)] = value;
    else if (key.startsWith("upn.")) user[key.slice(4)] = numberOrText(value);
    else if (/^pr\d+$/.test(key)) items.push(gtagItem(value));
    else if (!PLACED.test(key)) gtag[key] = value;
  }
  const currency = params.get("cu");
  const page = Object.fromEntries(
    Object.entries({ url: params.get("dl"), title: params.get("dt"), referrer: params.get("dr") })
      // What the browser did not say.
      .filter(([, value]) => value !== null),
  );
  const locale = params.get("ul");
  return {
    // Number of the page's load and of the hit in it: the same hit sent again has the same.
    id: messageId(undefined, params.has("_p") && params.has("_s")),
    ...ga4Kind(name, { page_title: page.title, ...properties }),
    anonymousId,
    userId,
    occurredAt: isoTime(receivedAt)!,
    context: {
      page,
      ...(locale === null ? {} : { locale }),
      ...(Object.keys(user).length > 0 ? { user_properties: user } : {}),
      gtag,
    },
    properties: {
      ...properties,
      ...(currency === null ? {} : { currency }),
      ...(items.length > 0 ? { items } : {}),
    },
    consent: consentOf(params),
    campaign: campaignOf(page.url),
  };
}

/**
 * Purposes granted by consent mode; undefined if it says nothing of analytics.
 *
 * `gcs` is `G1` and a digit each for ad_storage and analytics_storage; `gcd` has a letter each for ad_storage,
 * analytics_storage, ad_user_data and ad_personalization between digits; `npa` is 0 unless ads must not be personalized.
 */
function consentOf(params: URLSearchParams): Purpose[] | undefined {
  const [gcs, gcd] = [params.get("gcs"), params.get("gcd")];
  const [, ads, analytics] = /^G1([01-])([01-])$/.exec(gcs ?? "") ?? [];
  if (analytics === undefined || analytics === "-") return undefined;
  const letters = /^1\d([a-z])\d([a-z])\d([a-z])\d([a-z])\d/.exec(gcd ?? "")?.slice(1);
  const granted: Purpose[] = [];
  if (analytics === "1" && (gcd === null || (letters && GRANTED.test(letters[1]!))))
    granted.push("analytics");
  const isPersonal = params.getAll("npa").every((said) => said === "0");
  if (ads === "1" && isPersonal && letters && [0, 2, 3].every((at) => GRANTED.test(letters[at]!)))
    granted.push("advertising");
  return granted;
}
