import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clonePath } from "../../local/paths.ts";
import type { NotedErasure } from "../erase/noted.ts";

/** Tables of erasures, for a dump that was made before there were any; they may run again at any time. */
const MIGRATIONS = ["0003-deleted-keys.sql", "0011-erasures.sql", "0014-erased-texts.sql"];

/**
 * SQL for psql, run by the administrator behind a dump that nobody has seen yet: {@link eraseAgainStatements} in `marketing`.
 *
 * @param erasures all of one salt, which is the dump's own if it has one.
 */
export function eraseAgainSql(erasures: readonly NotedErasure[]): string {
  return erasures.length === 0 ? "" : `\\connect marketing\n${eraseAgainStatements(erasures)}`;
}

/**
 * Statements of the administrator that erase from `marketing` whom a backup still has, in the event log, profiles, campaigns and
 * queues, and note them as the erasures did, in the ledger too. Of bad rows they know nothing.
 *
 * @param erasures at least one, all of one salt, which is the database's own if it has one.
 */
export function eraseAgainStatements(erasures: readonly NotedErasure[]): string {
  const migrations = MIGRATIONS.map((file) =>
    readFileSync(join(clonePath, "services", "collector", "migrations", file), "utf8"),
  );
  return `${migrations.join("\n")}
BEGIN;
UPDATE events.erasure_salt SET salt = ${bytes(erasures[0]!.salt)};
CREATE TEMPORARY TABLE noted (note jsonb NOT NULL) ON COMMIT DROP;
${erasures.map((erasure) => `INSERT INTO noted VALUES (${text(JSON.stringify(erasure))});`).join("\n")}
${again}COMMIT;
`;
}

// A dump has an erasure's row of the ledger exactly if it was made after the erasure.
const again = `DELETE FROM noted USING ledger.change WHERE change.id = (note->>'id')::uuid;
CREATE TEMPORARY TABLE again ON COMMIT DROP AS
  SELECT decode(one, 'hex') AS digest, max((note->>'erasedAt')::timestamptz) AS erased_at
    FROM noted, jsonb_array_elements_text(note->'people') AS one GROUP BY 1;
ANALYZE again;

DELETE FROM events.event
 WHERE events.person_digest('user:' || user_id) IN (SELECT digest FROM again)
    OR events.person_digest('anonymous:' || anonymous_id) IN (SELECT digest FROM again);
DO $$
DECLARE
  messages text[] := '{}';
  place    record;
BEGIN
  IF to_regclass('campaigns.message') IS NOT NULL THEN
    messages := ARRAY(SELECT id::text FROM campaigns.message WHERE events.person_digest(person) IN (SELECT digest FROM again));
    DELETE FROM campaigns.held WHERE effect = ANY (messages);
    DELETE FROM campaigns.feedback WHERE message = ANY (messages::uuid[]);
    UPDATE campaigns.sweep SET reached = '' WHERE events.person_digest(reached) IN (SELECT digest FROM again);
    INSERT INTO campaigns.suppression (list, who, since, reason)
      SELECT list, events.erased_name(who), since, 'erased since' FROM campaigns.suppression
       WHERE events.person_digest(who) IN (SELECT digest FROM again)
      ON CONFLICT DO NOTHING;
    DELETE FROM campaigns.suppression WHERE events.person_digest(who) IN (SELECT digest FROM again);
  END IF;
  FOR place IN
    SELECT format('%I.%I', table_schema, table_name) AS name,
           string_agg(format('events.person_digest(%I) IN (SELECT digest FROM again)', column_name), ' OR ') AS condition
      FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema IN ('profiles', 'campaigns') AND column_name IN ('person', 'became') AND table_type = 'BASE TABLE'
     GROUP BY 1
  LOOP
    EXECUTE format('DELETE FROM %s WHERE %s', place.name, place.condition);
  END LOOP;
  IF to_regclass('jobs.job') IS NOT NULL THEN
    DELETE FROM jobs.job WHERE EXISTS (
      SELECT FROM jsonb_path_query(data, 'strict $.** ? (@.type() == "string")') AS text
       WHERE text #>> '{}' = ANY (messages)
          OR events.person_digest(text #>> '{}') IN (SELECT digest FROM again)
          OR events.person_digest('user:' || (text #>> '{}')) IN (SELECT digest FROM again));
  END IF;
END
$$;

INSERT INTO events.erased_id SELECT digest, erased_at FROM again
  ON CONFLICT (digest) DO UPDATE SET erased_at = greatest(erased_id.erased_at, excluded.erased_at);
INSERT INTO events.erased_text (digest, length, hash, erased_at)
  SELECT DISTINCT ON (one->>'digest')
         decode(one->>'digest', 'hex'), (one->>'length')::int, (one->>'hash')::int, (note->>'erasedAt')::timestamptz
    FROM noted, jsonb_array_elements(note->'texts') AS one ORDER BY one->>'digest', (note->>'erasedAt')::timestamptz DESC
  ON CONFLICT (digest) DO UPDATE SET erased_at = greatest(erased_text.erased_at, excluded.erased_at);
INSERT INTO ledger.change (id, kind, subject, actor, occurred_at, recorded_at, details)
  SELECT (note->>'id')::uuid, 'erasure', 'person', note->>'actor', (note->>'erasedAt')::timestamptz,
         (note->>'erasedAt')::timestamptz, note->'details'
    FROM noted ON CONFLICT DO NOTHING;
`;

function bytes(hex: string): string {
  return `decode(${text(hex)}, 'hex')`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
