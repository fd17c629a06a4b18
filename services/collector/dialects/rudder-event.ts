import type { Draft, Unusable } from "./dialect.ts";
import { isFields, without } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { grantedByList } from "./granted.ts";
import { segmentDraft } from "./segment-event.ts";
import type { Envelope } from "./segment-event.ts";

/** Fields that have a place of their own in the contract, or none because they say how the event was sent. */
const PLACED = new Set([
  "messageId",
  "type",
  "event",
  "name",
  "category",
  "previousId",
  "groupId",
  "anonymousId",
  "userId",
  "timestamp",
  "originalTimestamp",
  "sentAt",
  "context",
  "integrations",
  "properties",
  "traits",
]);

/** The contract's view of one event of RudderStack's HTTP API (README.md), or the reason why it is none. */
export function rudderDraft(sent: unknown, envelope: Envelope): Draft | Unusable {
  const draft = segmentDraft(sent, envelope);
  if ("reason" in draft) return draft;
  const event = sent as Fields;
  const { traits, consentManagement } = draft.context;
  // Of identify, its browser SDK has the traits in the context only.
  const isBare = draft.type === "identify" && event.traits === undefined && isFields(traits);
  return {
    ...draft,
    properties: isBare ? traits : draft.properties,
    context: { ...without(event, PLACED), ...draft.context },
    consent: isFields(consentManagement)
      ? grantedByList(
          consentManagement.allowedConsentIds,
          consentManagement.deniedConsentIds,
          consentManagement.tcString,
        )
      : undefined,
  };
}
