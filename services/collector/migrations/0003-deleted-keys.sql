-- Keys of events that were deleted: for 30 days each id is stored once, also if its event is gone by then. While an
-- event is there, its own key sees to that. May run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;

CREATE TABLE IF NOT EXISTS events.deleted_key (
  -- events.key_digest of the event: nobody can read from it what was erased.
  digest    bytea       PRIMARY KEY,
  stored_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS deleted_key_stored_at ON events.deleted_key (stored_at);

-- A source has no newline in it, so no two keys are one text. Stable, as convert_to is, so that queries inline it.
CREATE OR REPLACE FUNCTION events.key_digest(source text, id text) RETURNS bytea
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN sha256(convert_to(source || E'\n' || id, 'UTF8'));

-- As its owner, so that who may delete events needs no right to their keys. Times are those of this server alone.
CREATE OR REPLACE FUNCTION events.keep_deleted_keys() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM events.deleted_key WHERE stored_at < now() - interval '30 days';
  INSERT INTO events.deleted_key
    SELECT events.key_digest(source, id), stored_at FROM deleted
     WHERE stored_at >= now() - interval '30 days'
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER keep_deleted_keys AFTER DELETE ON events.event
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION events.keep_deleted_keys();

GRANT SELECT ON events.deleted_key TO collector;

COMMIT;
