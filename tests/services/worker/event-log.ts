import type { Transaction } from "../../../services/worker/transaction.ts";

/** An event as the worker's tests need it. */
export interface Sent {
  readonly id: string;
  readonly type: string;
  readonly name: string | null;
  readonly anonymousId: string | null;
  readonly userId: string | null;
  /** Minutes after the beginning of time. */
  readonly minute: number;
  /** When it came, in the same way. @default - at once */
  readonly receivedMinute?: number;
  readonly properties: object;
  readonly consent: readonly string[];
  readonly campaign?: string;
}

let next = 0;

/** A new event; one minute later than the one before it unless told. */
export function sent(event: Partial<Sent>): Sent {
  next += 1;
  return {
    id: String(next).padStart(6, "0"),
    type: "track",
    name: null,
    anonymousId: null,
    userId: null,
    minute: next,
    properties: {},
    consent: ["analytics"],
    ...event,
  };
}

const START = Date.parse("2026-01-31T00:00:00Z");

/** A minute after the beginning of time, as events have it. */
export function at(minute: number): string {
  return new Date(START + minute * 60_000).toISOString();
}

/** Stores events as the collector does: those of one call in one transaction. */
export async function storeEvents(client: Transaction, events: readonly Sent[]): Promise<void> {
  await client.query(
    `insert into events.event (source, id, type, name, anonymous_id, user_id, occurred_at, received_at, context, properties, consent, campaign)
     select 'website', e->>'id', e->>'type', e->>'name', e->>'anonymousId', e->>'userId',
       (e->>'at')::timestamptz, (e->>'receivedAt')::timestamptz, '{}', e->'properties', array(select jsonb_array_elements_text(e->'consent')), e->>'campaign'
     from jsonb_array_elements($1) as e`,
    [
      JSON.stringify(
        events.map((event) => ({
          ...event,
          at: at(event.minute),
          receivedAt: at(event.receivedMinute ?? event.minute),
        })),
      ),
    ],
  );
}
