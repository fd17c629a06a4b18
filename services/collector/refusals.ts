import { createHash } from "node:crypto";

import type { Event, Purpose } from "../contract/event.ts";
import { truncateAddresses } from "./ip-addresses.ts";
import type { RecordBlock } from "./record-block.ts";
import { RECORD_KINDS } from "./record.ts";

/** That somebody refused analytics: kept apart from the event that said so, in which nothing is left that leads to them. */
export interface Refusal {
  /** {@link personDigest} of theirs. */
  readonly person: string;
  /** Purposes that they still grant. */
  readonly purposes: readonly Purpose[];
  /** When it was, at the latest when it came: UTC, as in an event. */
  readonly at: string;
}

/** What of an event a refusal is made of. */
export type Refused = Pick<Event, "anonymousId" | "userId" | "occurredAt">;

/** By what a refusal is known of a person (`user:<id>`, `anonymous:<id>`): SHA-256, hexadecimal; the database salts it. */
export function personDigest(person: string): string {
  return createHash("sha256").update(person).digest("hex");
}

/** The refusals of a request, the last one of each person: whoever refused does so with each of their events. */
export class Refusals {
  #last: Map<string, Refusal> | undefined;

  /** Notes what an event says, for each id in it. */
  note(
    { anonymousId, userId, occurredAt }: Refused,
    purposes: readonly Purpose[],
    receivedAt: string,
  ): void {
    const at = occurredAt < receivedAt ? occurredAt : receivedAt;
    if (userId !== null) this.#noteOf(`user:${truncateAddresses(userId)}`, purposes, at);
    if (anonymousId !== null) {
      this.#noteOf(`anonymous:${truncateAddresses(anonymousId)}`, purposes, at);
    }
  }

  /** Adds a record of each. @param at when the request came, in milliseconds since 1970. */
  addTo(block: RecordBlock, at: number): void {
    for (const refusal of this.#last?.values() ?? []) {
      block.add(RECORD_KINDS.refusal, JSON.stringify(refusal), at);
    }
  }

  #noteOf(person: string, purposes: readonly Purpose[], at: string): void {
    this.#last ??= new Map();
    const before = this.#last.get(person);
    if (before !== undefined && before.at > at) return;
    this.#last.set(person, { person: personDigest(person), purposes, at });
  }
}
