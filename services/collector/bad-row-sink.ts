import type pg from "pg";

import type { BadRow } from "./bad-row.ts";
import { mentions } from "./erased-text.ts";
import type { ErasedText } from "./erased-text.ts";
import { inflated } from "./inflated.ts";
import { BAD_ROW_TABLE, PostgresSink } from "./postgres-sink.ts";
import type { Sink } from "./sink.ts";

/** A text with the time from which on it may come again. */
type Erased = ErasedText & { readonly erasedAt: Date };

/** What is asked before rows are stored: when the last erasure was, and what was erased after the oldest of them came. */
interface Erasures {
  /** As the database writes it; null if there was none. */
  readonly last: string | null;
  readonly salt: Buffer;
  readonly texts: readonly Erased[];
}

const ERASURES = `
  SELECT (SELECT max(erased_at)::text FROM events.erased_text) AS last, salt, coalesce((
    SELECT json_agg(json_build_object('length', length, 'hash', hash, 'digest', encode(digest, 'hex'), 'erasedAt', erased_at))
      FROM events.erased_text WHERE erased_at >= (($1::jsonb[])[1]->>'receivedAt')::timestamptz), '[]') AS texts
  FROM events.erasure_salt`;

/**
 * Stores bad rows, but for those that came before a person was erased and have that person in them: a spool may hold some
 * that the erasure could not see.
 */
export class BadRowSink implements Sink {
  readonly #table: PostgresSink;

  constructor(pool: pg.Pool) {
    this.#table = new PostgresSink(pool, BAD_ROW_TABLE);
  }

  get maxBytes(): number {
    return this.#table.maxBytes;
  }

  isHealthy(): boolean {
    return this.#table.isHealthy();
  }

  async store(rows: readonly Buffer[]): Promise<void> {
    const parsed = rows.map((row) => JSON.parse(row.toString()) as BadRow);
    const oldest = parsed.map(({ receivedAt }) => receivedAt).sort()[0]!;
    const { last, salt, texts } = await this.#erasuresSince(oldest);
    const kept = rows.filter((_, index) => {
      const { receivedAt, raw } = parsed[index]!;
      const late = texts.filter(({ erasedAt }) => erasedAt >= new Date(receivedAt));
      return late.length === 0 || !mentions(inflated(Buffer.from(raw, "base64")), late, salt);
    });
    if (kept.length === 0) return;
    // An erasure in between has not seen these rows, nor was it seen: then all is done again.
    const seen = last === null ? "null" : `'${last}'`;
    await this.#table.storeAndAsk(kept, `SELECT events.require_last_erasure(${seen})`);
  }

  async #erasuresSince(time: string): Promise<Erasures> {
    // Through the table, which gives up a connection that says nothing.
    const asked = [Buffer.from(JSON.stringify({ receivedAt: time }))];
    const [erasures] = await this.#table.ask<Erasures>(asked, ERASURES);
    const { last, salt, texts } = erasures!;
    return {
      last,
      salt,
      texts: texts.map((text) => ({ ...text, erasedAt: new Date(text.erasedAt) })),
    };
  }
}
