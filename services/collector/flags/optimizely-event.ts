import { isoTime } from "../dialects/clock.ts";
import type { Submission } from "../dialects/dialect.ts";
import { isFields, shown, textOf, without } from "../dialects/fields.ts";
import type { Fields } from "../dialects/fields.ts";
import { grantedByList } from "../dialects/granted.ts";
import { messageId } from "../dialects/message-id.ts";
import { exposureTo } from "./exposure.ts";
import type { Exposed } from "./exposure.ts";
import type { FlagSet } from "./flags.ts";
import { CONSENT_ATTRIBUTE, USER_ATTRIBUTE } from "./optimizely-datafile.ts";

const PLACED = new Set(["account_id", "visitors"]);
const PLACED_EVENT = new Set(["key", "uuid", "timestamp", "entity_id", "tags"]);

/** What one visitor of a batch did, or the reason why that cannot be said (README.md). */
export function visitorSubmissions(
  visitor: unknown,
  batch: Fields,
  set: FlagSet,
  at: number,
  raw: () => Buffer,
): Submission[] {
  const bad = (reason: string): Submission[] => [{ draft: { reason }, sent: visitor, raw }];
  if (!isFields(visitor)) return bad("visitor must be a JSON object");
  const { visitor_id: id, attributes = [], snapshots } = visitor;
  const anonymousId = textOf(id);
  if (anonymousId === null) return bad(`visitor_id must be given, got ${shown(id)}`);
  if (!Array.isArray(attributes)) return bad("attributes must be an array");
  if (!Array.isArray(snapshots)) return bad("snapshots must be an array");
  const known = Object.fromEntries(
    attributes.filter(isFields).map(({ key, value }) => [String(key), value]),
  );
  const agreed = textOf(known[CONSENT_ATTRIBUTE])?.split(/[\s,]+/);
  const person: Exposed = {
    id: anonymousId,
    anonymousId,
    userId: textOf(known[USER_ATTRIBUTE]),
    consent: grantedByList(agreed, []),
    context: { ...without(batch, PLACED), attributes: known },
  };
  return snapshots.flatMap((snapshot: unknown) => {
    if (!isFields(snapshot)) return bad("snapshot must be a JSON object");
    const { decisions = [], events } = snapshot;
    if (!Array.isArray(decisions)) return bad("decisions must be an array");
    if (!Array.isArray(events)) return bad("events must be an array");
    return events.map((event: unknown) =>
      eventSubmission(event, decisions[0], person, set, at, raw),
    );
  });
}

function eventSubmission(
  event: unknown,
  decision: unknown,
  person: Exposed,
  set: FlagSet,
  at: number,
  raw: () => Buffer,
): Submission {
  const bad = (reason: string): Submission => ({ draft: { reason }, sent: event, raw });
  if (!isFields(event)) return bad("event must be a JSON object");
  const { key, uuid, timestamp, tags = {} } = event;
  const time = timestamp ?? at;
  const occurredAt = typeof time === "number" ? isoTime(time) : undefined;
  if (occurredAt === undefined) {
    return bad(`timestamp must be milliseconds since 1970, got ${shown(timestamp)}`);
  }
  if (key === "campaign_activated") {
    const { metadata } = isFields(decision) ? decision : {};
    const { flag_key, variation_key } = isFields(metadata) ? metadata : {};
    const [experiment, variant] = [textOf(flag_key), textOf(variation_key)];
    if (experiment === null || variant === null) {
      return bad("decisions must have metadata with a flag_key and a variation_key");
    }
    const given = { set, experiment, variant, messageId: textOf(uuid) ?? undefined };
    return exposureTo(person, given, time as number, raw);
  }
  const name = textOf(key);
  if (name === null) return bad(`key must be the name of what happened, got ${shown(key)}`);
  if (!isFields(tags)) return bad(`tags must be a JSON object, got ${shown(tags)}`);
  return {
    draft: {
      ...person,
      id: messageId(uuid, (timestamp ?? undefined) !== undefined),
      type: "track",
      name,
      occurredAt,
      properties: { ...without(event, PLACED_EVENT), ...tags },
      campaign: textOf(tags.utm_campaign),
    },
    sent: { visitor: person.id, event },
    raw,
  };
}
