import { createHash, randomUUID } from "node:crypto";
import type pg from "pg";
import { erasedText, type ErasedText } from "../../services/collector/erased-text.ts";
import { inflated } from "../../services/collector/inflated.ts";
import { personDigest } from "../../services/collector/refusals.ts";
import { holdPeople } from "../../services/worker/journeys/hold-people.ts";
import { absorbLinks } from "../../services/worker/profiles/absorb.ts";
import { needlesOf } from "./needles.ts";
import type { NotedErasure } from "./noted.ts";

/** Who is to be erased, by any of their ids. */
export interface Person {
  readonly userIds: readonly string[];
  readonly anonymousIds: readonly string[];
}

/** What came of it. */
export interface Erasure {
  /** How many ids the person has, those that were given included. */
  readonly ids: number;
  /** Rows that went, by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Erases a person from the event log, bad rows, profiles, campaigns and queues in one transaction, with a row in the ledger that
 * does not say who. What of them is in a spool is not stored any more when it gets there.
 *
 * @param actor who asked for it.
 * @param note keeps what is needed to erase again after an older backup was restored; the erasure counts once it has ended.
 */
export async function erase(
  client: pg.ClientBase,
  person: Person,
  actor: string,
  note: (erasure: NotedErasure) => Promise<void>,
): Promise<Erasure> {
  const given = [
    ...person.userIds.map((id) => `user:${id}`),
    ...person.anonymousIds.map((id) => `anonymous:${id}`),
  ];
  await client.query("BEGIN");
  try {
    await holdPeople(client);
    await client.query("SELECT events.hold_stores()");
    // Else an event that leads to another id of theirs would go, and that id stay.
    await absorbLinks(client);
    const { rows: known } = await client.query<{ id: string }>(
      `SELECT DISTINCT id FROM unnest($1::text[]) AS given, profiles.ids(profiles.resolve(given)) AS id`,
      [given],
    );
    const people = [...new Set([...given, ...known.map(({ id }) => id)])];
    const needles = people.flatMap((one) => needlesOf(one.slice(one.indexOf(":") + 1)));
    // By the second ones refusals are known.
    const named = [...people, ...people.map(personDigest)];
    const { rows } = await client.query<{ rows: Record<string, number> }>(
      "SELECT events.erase($1, $2) AS rows",
      [named, needles],
    );
    const { salt, time } = await saltAndTime(client);
    const texts = needles.map((needle) => erasedText(needle, salt));
    const hidden = await eraseHidden(client, needles, texts);
    const found = rows[0]!.rows;
    const badRows = (found["events.bad_row"] ?? 0) + hidden;
    const erasure = { ids: people.length, rows: { ...found, "events.bad_row": badRows } };
    const id = randomUUID();
    await client.query(
      `INSERT INTO ledger.change (id, kind, subject, actor, occurred_at, details)
       VALUES ($1, 'erasure', 'person', $2, now(), $3)`,
      [id, actor, JSON.stringify(erasure)],
    );
    await note({
      ...{ id, actor, erasedAt: time, details: erasure },
      salt: salt.toString("hex"),
      people: named.map((one) => createHash("sha256").update(salt).update(one).digest("hex")),
      texts,
    });
    await client.query("COMMIT");
    return erasure;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/**
 * Erases bad rows that have one of `needles` in what they are compressed from, and notes by what (`texts`) those that wait in a
 * spool are known. Comes after `events.erase`, which lets nobody store meanwhile.
 *
 * @returns how many there were.
 */
async function eraseHidden(
  client: pg.ClientBase,
  needles: readonly Buffer[],
  texts: readonly ErasedText[],
): Promise<number> {
  const { rows: compressed } = await client.query<{ id: string }>(
    "SELECT id FROM events.bad_row WHERE substring(raw FROM 1 FOR 2) = '\\x1f8b'",
  );
  const found: string[] = [];
  for (const { id } of compressed) {
    const { rows } = await client.query<{ raw: Buffer }>(
      "SELECT raw FROM events.bad_row WHERE id = $1",
      [id],
    );
    const content = inflated(rows[0]!.raw);
    if (needles.some((needle) => content.includes(needle))) found.push(id);
  }
  const { rows } = await client.query<{ count: string }>(
    "SELECT events.erase_texts($1, $2) AS count",
    [JSON.stringify(texts), found],
  );
  return Number(rows[0]!.count);
}

/** What digests are salted with, and the server's time as ISO 8601. */
async function saltAndTime(client: pg.ClientBase): Promise<{ salt: Buffer; time: string }> {
  const { rows } = await client.query<{ salt: Buffer; time: string }>(
    "SELECT salt, to_json(clock_timestamp()) #>> '{}' AS time FROM events.erasure_salt",
  );
  return rows[0]!;
}
