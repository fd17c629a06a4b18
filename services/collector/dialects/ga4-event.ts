import { withoutAdvertising } from "../../contract/consent.ts";
import { PURPOSES } from "../../contract/event.ts";
import type { EventType, Purpose } from "../../contract/event.ts";
import { isoTime } from "./clock.ts";
import type { Draft, Unusable } from "./dialect.ts";
import { isFields, shown, textOf, without } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { messageId } from "./message-id.ts";

/** Events that have a type of their own, and the parameter that names what was seen. */
const VIEWS: ReadonlyMap<string, { readonly type: EventType; readonly title: string }> = new Map([
  ["page_view", { type: "page", title: "page_title" }],
  ["screen_view", { type: "screen", title: "screen_name" }],
]);

const PLACED = new Set([
  "client_id",
  "app_instance_id",
  "user_id",
  "timestamp_micros",
  "events",
  "name",
  "params",
]);

/** Google's consent types, all of which a purpose needs. */
const NEEDED: Readonly<Record<Purpose, readonly string[]>> = {
  analytics: ["analytics_storage"],
  personalization: ["personalization_storage"],
  advertising: ["ad_user_data", "ad_personalization"],
  email: ["email"],
};

/** Type and name of an event of GA4. */
export function ga4Kind(name: string, params: Fields): Pick<Draft, "type" | "name"> {
  const view = VIEWS.get(name);
  return view ? { type: view.type, name: textOf(params[view.title]) } : { type: "track", name };
}

/**
 * The contract's view of one event of GA4's Measurement Protocol (README.md), or the reason why it is none.
 *
 * @param request the body it came in.
 * @param stream what the query says of its data stream.
 * @param receivedAt milliseconds since 1970.
 */
export function ga4Draft(
  event: unknown,
  request: Fields,
  stream: Fields,
  receivedAt: number,
): Draft | Unusable {
  if (!isFields(event)) return { reason: "event must be a JSON object" };
  const { name, params = {} } = event;
  if (typeof name !== "string" || name === "") {
    return { reason: `name must be the name of what happened, got ${shown(name)}` };
  }
  if (!isFields(params)) return { reason: `params must be a JSON object, got ${shown(params)}` };
  const anonymousId = textOf(request.client_id) ?? textOf(request.app_instance_id);
  if (anonymousId === null) return { reason: "client_id or app_instance_id must be given" };
  const micros = event.timestamp_micros ?? request.timestamp_micros ?? undefined;
  const occurredAt = micros === undefined ? isoTime(receivedAt) : isoTime(Number(micros) / 1000);
  if (occurredAt === undefined || typeof micros === "object") {
    return { reason: `timestamp_micros must be microseconds since 1970, got ${shown(micros)}` };
  }
  return {
    id: messageId(undefined, micros !== undefined),
    ...ga4Kind(name, params),
    anonymousId,
    userId: textOf(request.user_id),
    occurredAt,
    context: { ...stream, ...without(request, PLACED), ...without(event, PLACED) },
    properties: params,
    consent: consentOf(request),
    campaign: textOf(params.campaign),
  };
}

function consentOf({ consent, non_personalized_ads: isImpersonal }: Fields): Purpose[] | undefined {
  if (!isFields(consent)) return undefined;
  if (consent.analytics_storage === undefined && consent.email === undefined) return undefined;
  const isGranted = (type: string): boolean => {
    const said = consent[type];
    return typeof said === "string" && said.toUpperCase() === "GRANTED";
  };
  const granted = PURPOSES.filter((purpose) => NEEDED[purpose].every(isGranted));
  // The field that was there before consent; whatever it says but no counts.
  return (isImpersonal ?? false) === false ? granted : withoutAdvertising(granted);
}
