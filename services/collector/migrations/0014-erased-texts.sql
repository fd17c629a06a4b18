-- Bad rows of erased people that erasure cannot see: what waits in a spool, what came compressed. Run by a superuser in the
-- marketing database, after 0011-erasures.sql; may run again at any time. Login collector exists before it does.
BEGIN;

SET LOCAL client_min_messages = warning;

CREATE TABLE IF NOT EXISTS events.erased_text (
  digest    bytea       PRIMARY KEY,
  length    integer     NOT NULL,
  hash      integer     NOT NULL,
  erased_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS erased_text_erased_at ON events.erased_text (erased_at);
COMMENT ON TABLE events.erased_text IS
  'By what bad rows that came before erased_at are not stored any more: salted digests of what an id looks like in them.';

-- Goes with events.erase, in its transaction: notes `texts` ({digest, length, hash}), and deletes bad rows that were found by
-- looking into them. As its owner, so that who may erase needs no other right.
CREATE OR REPLACE FUNCTION events.erase_texts(texts jsonb, bad_rows text[]) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  count bigint;
BEGIN
  INSERT INTO events.erased_text (digest, length, hash, erased_at)
    SELECT DISTINCT ON (digest) decode(digest, 'hex'), length, hash, clock_timestamp()
      FROM jsonb_to_recordset(texts) AS text (digest text, length integer, hash integer)
    ON CONFLICT (digest) DO UPDATE SET erased_at = excluded.erased_at;
  DELETE FROM events.bad_row WHERE id = ANY (bad_rows);
  GET DIAGNOSTICS count = ROW_COUNT;
  RETURN count;
END
$$;

-- Asked after rows were inserted and before they are committed: whoever erases waits for that, or is seen here, since `seen` is
-- the last erasure that was known when the rows were looked through. Error 40001, try again.
CREATE OR REPLACE FUNCTION events.require_last_erasure(seen timestamptz) RETURNS void
  LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF (SELECT max(erased_at) FROM events.erased_text) IS DISTINCT FROM seen THEN
    RAISE EXCEPTION 'nobody must be erased while rows are looked through, try again' USING ERRCODE = 'serialization_failure';
  END IF;
END
$$;

REVOKE EXECUTE ON FUNCTION events.erase_texts(jsonb, text[]) FROM PUBLIC;
GRANT SELECT ON events.erased_text TO collector;

COMMIT;
