import type { Event } from "../../services/contract/event.ts";

const JSON_FIELDS = ["context", "properties", "consent"] as const;

type JsonField = (typeof JSON_FIELDS)[number];

/** An event as the log is read; JSON as the database writes it, so that no digit of a number is lost. */
export type EventRow = Omit<Event, JsonField> & Readonly<Record<JsonField, string>>;

/** Columns of `events.event` that are an {@link EventRow}, for SELECT. */
export const EVENT_COLUMNS = `source, id, type, name, dialect, anonymous_id AS "anonymousId", user_id AS "userId",
       ${isoTime("occurred_at")} AS "occurredAt", ${isoTime("received_at")} AS "receivedAt",
       context::text, properties::text, to_json(consent)::text AS consent, campaign`;

/** Its fields in order, each with its type in Parquet, where what is JSON is text. */
export const EVENT_FIELDS = {
  ...{ source: "STRING", id: "STRING", type: "STRING", name: "STRING", dialect: "STRING" },
  ...{ anonymousId: "STRING", userId: "STRING", occurredAt: "TIMESTAMP", receivedAt: "TIMESTAMP" },
  ...{ context: "STRING", properties: "STRING", consent: "STRING", campaign: "STRING" },
} as const satisfies Record<keyof EventRow, "STRING" | "TIMESTAMP">;

/** The event of the contract as JSON in one line. */
export function jsonLine(row: EventRow): string {
  const members = Object.keys(EVENT_FIELDS).map((field) => {
    const value = row[field as keyof EventRow];
    return `${JSON.stringify(field)}:${(JSON_FIELDS as readonly string[]).includes(field) ? value : JSON.stringify(value)}`;
  });
  return `{${members.join(",")}}`;
}

function isoTime(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
