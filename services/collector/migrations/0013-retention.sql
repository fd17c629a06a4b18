-- How long events and bad rows are kept, by source: what is older is deleted in small steps. Run by a superuser in the marketing
-- database, after 0010-replays.sql; may run again at any time. Login reader exists before it does.
BEGIN;

SET LOCAL client_min_messages = warning;

CREATE TABLE IF NOT EXISTS events.expiry (
  name       text        PRIMARY KEY,
  days       jsonb       NOT NULL DEFAULT '{}',
  next_page  bigint      NOT NULL DEFAULT 0,
  deleted    jsonb       NOT NULL DEFAULT '{}',
  is_running boolean     NOT NULL DEFAULT false,
  ended_at   timestamptz
);
COMMENT ON TABLE events.expiry IS 'How far each table was gone through for rows that are too old.';
COMMENT ON COLUMN events.expiry.deleted IS 'Rows deleted by this pass, by source; the last one''s until the next begins.';
ALTER TABLE events.expiry ADD COLUMN IF NOT EXISTS former_days jsonb;
ALTER TABLE events.expiry ADD COLUMN IF NOT EXISTS former_ended_at timestamptz;
COMMENT ON COLUMN events.expiry.former_days IS
  'Other days of the last pass by others: of the earlier release, while two run; former_ended_at is when a pass by them ended.';
INSERT INTO events.expiry (name) VALUES ('events.event'), ('events.bad_row') ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS events.expired (
  name   text   NOT NULL,
  source text   NOT NULL,
  rows   bigint NOT NULL,
  PRIMARY KEY (name, source)
);
COMMENT ON TABLE events.expired IS 'Rows deleted because they were too old, ever, by table and source.';

-- Goes through the next `pages` of a table whose turn it is, and deletes what was stored more than its source's `days` before
-- `at` or now, whichever is earlier: a clock that jumped must not cost everything. Pages, so that a step is short and needs no
-- index; a pass begins six hours after the last one by the same days. Who has other days while one runs goes on with it, and deletes
-- what neither keeps: two releases that run side by side must not begin anew again and again. Bad rows of no source are kept as long
-- as the source that is kept shortest. As its owner, so that who may expire needs no other right.
-- Null if nothing is to do; else the table, and once a pass is through it, how many rows that deleted by source.
CREATE OR REPLACE FUNCTION events.expire(kept jsonb, at timestamptz, pages integer) RETURNS jsonb
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  work     events.expiry;
  others   jsonb;
  until    timestamptz := least(at, now());
  shortest integer := (SELECT min(value::integer) FROM jsonb_each_text(kept));
  first    tid;
  after    tid;
  gone     jsonb;
  is_over  boolean;
BEGIN
  IF shortest < 1 THEN
    RAISE EXCEPTION 'days must be at least 1, got %', kept;
  END IF;
  -- Another worker that is at it has the row; then there is nothing to do here.
  SELECT * INTO work FROM events.expiry
   WHERE is_running OR ended_at IS NULL
      OR CASE kept WHEN days THEN ended_at WHEN former_days THEN former_ended_at ELSE '-infinity' END < now() - interval '6 hours'
   ORDER BY is_running DESC, ended_at NULLS FIRST, name LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  -- A pass that keeps everything has deleted nothing: there is nothing to go on with.
  IF NOT work.is_running OR (work.days = '{}' AND kept <> '{}') THEN
    IF work.days <> kept THEN
      work.former_days := work.days;
      work.former_ended_at := work.ended_at;
      work.days := kept;
    END IF;
    work.next_page := 0;
    work.deleted := '{}';
  ELSIF work.days <> kept THEN
    others := work.days;
    shortest := greatest(shortest, (SELECT min(value::integer) FROM jsonb_each_text(others)));
    kept := (SELECT coalesce(jsonb_object_agg(source, greatest(mine.days, theirs.days)), '{}')
      FROM (SELECT key AS source, value::integer AS days FROM jsonb_each_text(kept)) AS mine
        JOIN (SELECT key AS source, value::integer AS days FROM jsonb_each_text(others)) AS theirs USING (source));
  END IF;
  first := format('(%s,0)', work.next_page);
  after := format('(%s,0)', work.next_page + pages);

  IF work.name = 'events.event' THEN
    WITH old AS (
      DELETE FROM events.event
       WHERE ctid >= first AND ctid < after AND stored_at < until - make_interval(days => (kept->>source)::integer)
      RETURNING source)
    SELECT coalesce(jsonb_object_agg(source, count), '{}') INTO gone FROM (SELECT source, count(*) FROM old GROUP BY source) AS counted;
  ELSE
    WITH old AS (
      DELETE FROM events.bad_row
       WHERE ctid >= first AND ctid < after
         AND stored_at < until - make_interval(days => CASE source WHEN '' THEN shortest ELSE (kept->>source)::integer END)
      RETURNING source, id),
    replayed AS (DELETE FROM events.replay USING old WHERE bad_row = old.id)
    SELECT coalesce(jsonb_object_agg(source, count), '{}') INTO gone FROM (SELECT source, count(*) FROM old GROUP BY source) AS counted;
  END IF;
  INSERT INTO events.expired AS known SELECT work.name, key, value::bigint FROM jsonb_each_text(gone)
    ON CONFLICT (name, source) DO UPDATE SET rows = known.rows + excluded.rows;
  SELECT coalesce(jsonb_object_agg(key, sum), '{}') INTO work.deleted FROM (
    SELECT key, sum(value::bigint) FROM (SELECT * FROM jsonb_each_text(work.deleted) UNION ALL SELECT * FROM jsonb_each_text(gone)) AS counted
     GROUP BY key) AS summed;

  work.next_page := work.next_page + pages;
  is_over := work.next_page >= pg_relation_size(work.name::regclass) / current_setting('block_size')::bigint;
  UPDATE events.expiry SET days = work.days, former_days = work.former_days, former_ended_at = work.former_ended_at,
    next_page = work.next_page, deleted = work.deleted, is_running = NOT is_over,
    ended_at = CASE WHEN is_over THEN now() ELSE ended_at END WHERE name = work.name;
  RETURN jsonb_build_object('table', work.name, 'deleted', CASE WHEN is_over THEN work.deleted END);
END
$$;

REVOKE EXECUTE ON FUNCTION events.expire(jsonb, timestamptz, integer) FROM PUBLIC;
GRANT SELECT ON events.expiry, events.expired TO reader;

COMMIT;
