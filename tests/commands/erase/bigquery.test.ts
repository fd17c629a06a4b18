import { createHash, randomBytes } from "node:crypto";
import pg from "pg";
import { bigQueryErasureSql } from "../../../commands/erase/bigquery.ts";
import { startPostgres } from "../../postgres.ts";

const salt = randomBytes(32);
const erasure = (erasedAt: string, ...people: string[]) => ({
  ...{ id: "a", actor: "me", erasedAt, details: {}, texts: [], salt: salt.toString("hex") },
  people: people.map((one) => createHash("sha256").update(salt).update(one).digest("hex")),
});

test("names table, times and salted digests, and no id", () => {
  const ada = { ...erasure("2026-01-02T00:00:00.5+00:00"), salt: "00ff", people: ["aa", "bb"] };
  const bob = { ...ada, erasedAt: "2026-01-01T00:00:00+00:00", people: ["cc"] };
  expect(bigQueryErasureSql("prod-project", [ada, bob]))
    .toBe(`DELETE FROM \`prod-project.events.event\`
WHERE receivedAt <= TIMESTAMP '2026-01-02T00:00:00.5+00:00'
  AND EXISTS (
    SELECT 1 FROM UNNEST(ARRAY<STRUCT<digest STRING, erasedAt TIMESTAMP>>[
      ('aa', TIMESTAMP '2026-01-02T00:00:00.5+00:00'),
      ('bb', TIMESTAMP '2026-01-02T00:00:00.5+00:00'),
      ('cc', TIMESTAMP '2026-01-01T00:00:00+00:00')
    ]) AS erased
    WHERE receivedAt <= erased.erasedAt
      AND (erased.digest = TO_HEX(SHA256(CONCAT(FROM_HEX('00ff'), CAST(CONCAT('user:', userId) AS BYTES))))
        OR erased.digest = TO_HEX(SHA256(CONCAT(FROM_HEX('00ff'), CAST(CONCAT('anonymous:', anonymousId) AS BYTES)))))
  );
`);
});

test("what it says deletes what came of them before, by either id, and nothing else", async () => {
  const postgres = await startPostgres();
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    // BigQuery's functions, in the words of PostgreSQL.
    await client.query(`
      SET timezone = 'UTC';
      CREATE FUNCTION bq_to_hex(bytea) RETURNS text RETURN encode($1, 'hex');
      CREATE FUNCTION bq_from_hex(text) RETURNS bytea RETURN decode($1, 'hex');
      CREATE FUNCTION bq_concat(text, text) RETURNS text RETURN $1 || $2;
      CREATE FUNCTION bq_concat(bytea, bytea) RETURNS bytea RETURN $1 || $2;
      CREATE FUNCTION bq_bytes(text) RETURNS bytea RETURN convert_to($1, 'UTF8');
      CREATE TABLE event (id text, receivedAt timestamptz, userId text, anonymousId text);
      INSERT INTO event VALUES
        ('user', '2026-01-01', 'ädä', NULL), ('anonymous', '2026-01-01', NULL, 'anon-1'),
        ('both', '2026-01-01', 'other', 'anon-1'), ('later', '2026-01-03', 'ädä', NULL),
        ('other', '2026-01-01', 'anon-1', 'ädä'), ('nobody', '2026-01-01', NULL, NULL),
        ('between', '2026-01-03', 'bob', NULL), ('after', '2026-01-05', 'bob', NULL)`);
    const statement = bigQueryErasureSql("p", [
      erasure("2026-01-02T00:00:00+00:00", "user:ädä", "anonymous:anon-1"),
      erasure("2026-01-04T00:00:00+00:00", "user:bob"),
    ]);
    await client.query(
      statement
        .replace("`p.events.event`", "event")
        .replace(/UNNEST\(ARRAY<STRUCT<[^>]*>>\[/, "(VALUES")
        .replace("]) AS erased", ") AS erased (digest, erasedAt)")
        .replaceAll(/CAST\((.*?\)) AS BYTES\)/g, "bq_bytes($1)")
        .replaceAll("TIMESTAMP '", "TIMESTAMPTZ '")
        .replaceAll(/\b(TO_HEX|FROM_HEX|CONCAT)\(/g, "bq_$1("),
    );
    const { rows } = await client.query("SELECT id FROM event ORDER BY id");
    expect(rows.map(({ id }) => id)).toEqual(["after", "later", "nobody", "other"]);
  } finally {
    await client.end();
    await postgres.stop();
  }
}, 60_000);
