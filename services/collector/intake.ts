import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import { contractBreach } from "../contract/check-event.ts";
import { isWhole, reduceToConsent, withoutAdvertising } from "../contract/consent.ts";
import { digestId } from "../contract/event-id.ts";
import { MAX_CAMPAIGN, MAX_NAME } from "../contract/event.ts";
import type { Event } from "../contract/event.ts";
import { unstorablePart } from "../contract/storable.ts";
import { badRow } from "./bad-row.ts";
import type { Draft, Submission, Unusable } from "./dialects/dialect.ts";
import { isOptedOut, isOptedOutBy } from "./global-privacy-control.ts";
import {
  truncateAddresses,
  truncateAddressesIn,
  truncateAddressesOfEvent,
} from "./ip-addresses.ts";
import type { RecordBlock } from "./record-block.ts";
import { RECORD_KINDS } from "./record.ts";
import type { Refusals } from "./refusals.ts";
import { addWritten, refusedIn } from "./written/written-event.ts";
import type { WrittenEvent } from "./written/written-event.ts";

/** Where submissions come from. */
export interface Origin {
  readonly source: string;
  readonly dialect: string;
  /** Path of the request, without query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** When they were received, in milliseconds since 1970. */
  readonly at: number;
}

/** What became of a submission: kept whole, kept without what consent forbids, or kept as a bad row. */
export type Outcome = "stored" | "reduced" | "bad";

/** How often each event without an id was in a request so far, by digest. */
export type Repeats = Map<string, number>;

/**
 * Adds the record of a submission to those for the spool: an event under the contract and its consent, or else a bad row. Where
 * consent was refused, `refusals` is told whose.
 *
 * @param repeats of its request. @default - it is alone in it
 */
export function admit(
  submission: Submission,
  origin: Origin,
  block: RecordBlock,
  refusals: Refusals,
  repeats: Repeats = new Map(),
): Outcome {
  const { written } = submission;
  if (written !== undefined) return copied(written, origin, block, refusals);
  const { draft, sent } = submission;
  const event = eventOf(draft, sent, origin, repeats);
  if ("reason" in event) return reject(event.reason, submission.raw(), origin, block);
  const kept = reduceToConsent(event);
  block.add(RECORD_KINDS.event, truncateAddressesOfEvent(JSON.stringify(kept)), origin.at);
  if (kept === event) return "stored";
  const isSaid = (draft as Draft).consent !== undefined;
  if (isSaid) refusals.note(event, event.consent, event.receivedAt);
  return "reduced";
}

/** Adds bytes that are no event as a bad row: as they came, but for IP addresses. */
export function reject(why: string, sent: Buffer, origin: Origin, block: RecordBlock): Outcome {
  const { source, dialect, path, at } = origin;
  const receivedAt = new Date(at).toISOString();
  const [reason, raw] = [truncateAddresses(why), truncateAddressesIn(sent)];
  const row = badRow({ source, dialect, path, reason, receivedAt, raw });
  block.add(RECORD_KINDS.badRow, JSON.stringify(row), at);
  return "bad";
}

function copied(
  written: WrittenEvent,
  origin: Origin,
  block: RecordBlock,
  refusals: Refusals,
): Outcome {
  const { consent: said } = written;
  const granted = said ?? [];
  const consent = isOptedOutBy(origin.headers) ? withoutAdvertising(granted) : granted;
  addWritten(written, consent, origin, block);
  if (isWhole(consent)) return "stored";
  if (said !== undefined) {
    const receivedAt = new Date(origin.at).toISOString();
    refusals.note(refusedIn(written, receivedAt), consent, receivedAt);
  }
  return "reduced";
}

function eventOf(
  draft: Draft | Unusable,
  sent: unknown,
  origin: Origin,
  repeats: Repeats,
): Event | Unusable {
  if ("reason" in draft) return draft;
  const granted = draft.consent ?? [];
  let { id } = draft;
  if (id === undefined && isWhole(granted)) {
    // First, because a digest of what nests too deep would overflow the stack.
    const reason = unstorablePart(sent, "event");
    if (reason !== undefined) return { reason };
    id = numberedId(sent, repeats);
  }
  const event: Event = {
    source: origin.source,
    // Without consent not even a digest may be left: from who it may have been, anybody could compute which of them it was. What
    // is sent twice is stored twice then.
    id: id ?? randomUUID(),
    type: draft.type,
    name: cut(draft.name, MAX_NAME),
    dialect: origin.dialect,
    anonymousId: draft.anonymousId,
    userId: draft.userId,
    occurredAt: draft.occurredAt,
    receivedAt: new Date(origin.at).toISOString(),
    context: draft.context,
    properties: draft.properties,
    consent: isOptedOut(origin.headers, draft) ? withoutAdvertising(granted) : granted,
    campaign: cut(draft.campaign, MAX_CAMPAIGN),
  };
  const reason = contractBreach(event);
  return reason === undefined ? event : { reason };
}

/** The first `most` characters of a text that only describes: for the title of a page, no event is given up. */
function cut(text: string | null, most: number): string | null {
  return text === null || text.length <= most
    ? text
    : [...text.slice(0, 2 * most)].slice(0, most).join("");
}

/** The id of what has none: of two equal events in a request each its own, and the same two when the request is sent again. */
function numberedId(sent: unknown, repeats: Repeats): string {
  const digest = digestId(sent);
  const before = repeats.get(digest) ?? 0;
  repeats.set(digest, before + 1);
  return before === 0 ? digest : digestId([digest, before]);
}
