import { Gauge, type Registry } from "prom-client";
import { shownAnew } from "./shown-anew.ts";
import type { Transaction } from "./transaction.ts";

/** Rows that were deleted because they were too old, ever. */
export interface Expired {
  readonly table: string;
  readonly source: string;
  readonly rows: number;
}

/** What is known of the deletion of old rows. */
export interface Expiry {
  readonly expired: readonly Expired[];
  /** Seconds since each table was gone through to its end; undefined where it never was. */
  readonly ages: readonly { readonly table: string; readonly seconds: number | undefined }[];
}

/** Reads it. */
export async function readExpiry(database: Transaction): Promise<Expiry> {
  const { rows: expired } = await database.query<Expired>(
    `select name as table, source, rows::float8 as rows from events.expired`,
  );
  const { rows: ages } = await database.query<{ table: string; seconds: number | null }>(
    `select name as table, extract(epoch from now() - ended_at)::float8 as seconds from events.expiry`,
  );
  return {
    expired,
    ages: ages.map(({ table, seconds }) => ({ table, seconds: seconds ?? undefined })),
  };
}

/**
 * Adds it to a registry.
 *
 * @param read as for {@link shownAnew}.
 */
export function addRetentionMetrics(registry: Registry, read: () => Promise<Expiry>): void {
  const registers = [registry];
  new Gauge({
    name: "retention_deleted_rows",
    help: "Events and bad rows deleted because they were too old, ever.",
    labelNames: ["table", "source"],
    registers,
    collect: shownAnew(read, ({ expired }) =>
      expired.map(({ table, source, rows }) => [{ table, source }, rows]),
    ),
  });
  new Gauge({
    name: "retention_pass_age_seconds",
    help: "Time since a table was last gone through for rows that are too old.",
    labelNames: ["table"],
    registers,
    collect: shownAnew(read, ({ ages }) =>
      ages.flatMap(({ table, seconds }) => (seconds === undefined ? [] : [[{ table }, seconds]])),
    ),
  });
}
