import { randomUUID } from "node:crypto";

import { isoTime } from "../dialects/clock.ts";
import type { Draft, Submission, Unusable } from "../dialects/dialect.ts";
import { isFields, shown, textOf, without } from "../dialects/fields.ts";
import { grantedByCategory } from "../dialects/granted.ts";
import { exposureTo } from "./exposure.ts";
import type { FlagSet } from "./flags.ts";

const PLACED = new Set([
  "event_name",
  "properties_json",
  "context_json",
  "user_id",
  "device_id",
  "utm_campaign",
]);

/** Names of events that are exposures, and of their properties: of the plugins for JavaScript, and for Python. */
const EXPOSURES: ReadonlyMap<string, readonly [string, string, string]> = new Map([
  ["Experiment Viewed", ["experimentId", "variationId", "hashValue"]],
  ["$$experiment_viewed", ["experiment_id", "variation_key", "hash_value"]],
]);

/** The contract's view of one event of GrowthBook's tracking plugin (README.md). */
export function growthbookSubmission(
  event: unknown,
  set: FlagSet,
  at: number,
  raw: () => Buffer,
): Submission {
  const bad = (reason: string): Submission => ({ draft: { reason }, sent: event, raw });
  if (!isFields(event)) return bad("event must be a JSON object");
  const { event_name: name, properties_json: properties = {}, context_json: known = {} } = event;
  if (typeof name !== "string" || name === "") {
    return bad(`event_name must be the name of what happened, got ${shown(name)}`);
  }
  if (!isFields(properties)) {
    return bad(`properties_json must be a JSON object, got ${shown(properties)}`);
  }
  if (!isFields(known)) return bad(`context_json must be a JSON object, got ${shown(known)}`);
  const person = {
    anonymousId: textOf(event.device_id),
    userId: textOf(event.user_id),
    consent: grantedByCategory(known.consent),
    context: { ...without(event, PLACED), ...known },
  };
  const exposure = EXPOSURES.get(name);
  if (exposure !== undefined) {
    const [experiment, variant, drawnBy] = exposure.map((key) => textOf(properties[key]));
    if (!experiment || !variant) {
      return bad(`properties_json must have an ${exposure[0]} and a ${exposure[1]}`);
    }
    const id = drawnBy ?? person.anonymousId ?? "";
    return exposureTo({ id, ...person }, { set, experiment, variant }, at, raw);
  }
  const draft: Draft | Unusable = {
    ...person,
    // It has neither an id nor a time.
    id: randomUUID(),
    type: "track",
    name,
    occurredAt: isoTime(at)!,
    properties,
    campaign: textOf(event.utm_campaign),
  };
  return { draft, sent: event, raw };
}
