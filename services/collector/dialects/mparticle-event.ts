import { withoutAdvertising } from "../../contract/consent.ts";
import type { EventType, Purpose } from "../../contract/event.ts";
import { campaignOf } from "./campaign-of.ts";
import { isoTime } from "./clock.ts";
import type { Draft, Unusable } from "./dialect.ts";
import { isFields, shown, textOf, without } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { grantedByCategory } from "./granted.ts";
import { messageId } from "./message-id.ts";

const PLACED = new Set(["events", "mp_deviceid", "mpid", "timestamp_unixtime_ms"]);
const PLACED_DATA = new Set([
  "custom_attributes",
  "event_name",
  "screen_name",
  "source_message_id",
  "timestamp_unixtime_ms",
]);

/** The contract's view of one event of a batch of mParticle (README.md), or the reason why it is none. */
export function mparticleDraft(
  event: unknown,
  batch: Fields,
  receivedAt: number,
): Draft | Unusable {
  if (!isFields(event)) return { reason: "event must be a JSON object" };
  const { event_type: kind, data = {} } = event;
  if (typeof kind !== "string" || kind === "") {
    return { reason: `event_type must be the kind of event, got ${shown(kind)}` };
  }
  if (!isFields(data)) return { reason: `data must be a JSON object, got ${shown(data)}` };
  const attributes = data.custom_attributes ?? {};
  if (!isFields(attributes)) {
    return { reason: `custom_attributes must be a JSON object, got ${shown(attributes)}` };
  }
  return draftOf(batch, receivedAt, data.timestamp_unixtime_ms, {
    id: data.source_message_id,
    ...kindOf(kind, data),
    context: { event_type: kind },
    properties: { ...without(data, PLACED_DATA), ...attributes },
  });
}

/** The contract's view of a batch without events, which says what a person is like, or the reason why it is none. */
export function profileDraft(batch: Fields, receivedAt: number): Draft | Unusable {
  const { user_attributes: attributes = {} } = batch;
  if (!isFields(attributes)) {
    return { reason: `user_attributes must be a JSON object, got ${shown(attributes)}` };
  }
  return draftOf(batch, receivedAt, undefined, {
    id: batch.source_request_id,
    type: "identify",
    name: null,
    context: {},
    properties: attributes,
  });
}

/** The contract's view of a request to take two ids for one person; it has no consent, so no more of it may be kept. */
export function aliasDraft(request: Fields, receivedAt: number): Draft | Unusable {
  return draftOf({}, receivedAt, undefined, {
    id: request.request_id,
    type: "alias",
    name: null,
    context: {},
    properties: {},
  });
}

/** What an event says by itself. */
type Said = Pick<Draft, "type" | "name" | "context" | "properties"> & { readonly id: unknown };

function draftOf(
  batch: Fields,
  receivedAt: number,
  happened: unknown,
  { id, context, ...said }: Said,
): Draft | Unusable {
  const time = happened ?? batch.timestamp_unixtime_ms ?? undefined;
  const occurredAt = isoTime(time === undefined ? receivedAt : millisecondsOf(time));
  if (occurredAt === undefined) {
    return { reason: `timestamp_unixtime_ms must be milliseconds since 1970, got ${shown(time)}` };
  }
  const identities = isFields(batch.user_identities) ? batch.user_identities : {};
  return {
    ...said,
    id: messageId(id, time !== undefined),
    anonymousId: textOf(batch.mp_deviceid) ?? textOf(batch.mpid),
    // Its SDK for Node writes it without the line.
    userId: textOf(identities.customer_id) ?? textOf(identities.customerid),
    occurredAt,
    context: {
      ...without(batch, PLACED),
      ...(batch.mpid === undefined ? {} : { mpid: batch.mpid }),
      ...context,
    },
    consent: consentOf(batch.consent_state),
    campaign: textOf(said.properties.utm_campaign) ?? campaignOf(said.properties.launch_referral),
  };
}

function kindOf(kind: string, data: Fields): { type: EventType; name: string | null } {
  switch (kind) {
    case "screen_view":
      return { type: "screen", name: textOf(data.screen_name) };
    case "custom_event":
      return { type: "track", name: textOf(data.event_name) ?? kind };
    case "commerce_event": {
      const action = isFields(data.product_action) ? textOf(data.product_action.action) : null;
      return { type: "track", name: action ?? kind };
    }
    default:
      return { type: "track", name: kind };
  }
}

/**
 * Purposes consented to under GDPR, undefined if nothing is said of them; none of advertising for who opted out of the sale of
 * data under CCPA.
 */
function consentOf(state: unknown): Purpose[] | undefined {
  if (!isFields(state) || !isFields(state.gdpr)) return undefined;
  const granted = grantedByCategory(
    Object.fromEntries(
      Object.entries(state.gdpr).map(([purpose, said]) => [
        purpose,
        isFields(said) && said.consented === true,
      ]),
    ),
  );
  const { ccpa } = state;
  const optOut = isFields(ccpa) ? ccpa.data_sale_opt_out : undefined;
  const isOut = optOut !== undefined && !(isFields(optOut) && optOut.consented === false);
  return isOut && granted ? withoutAdvertising(granted) : granted;
}

function millisecondsOf(time: unknown): number {
  return typeof time === "number" || (typeof time === "string" && time !== "") ? Number(time) : NaN;
}
