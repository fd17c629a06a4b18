-- What is known of people. Run by a superuser in the marketing database, after the collector's; may run again at any time.
--
-- Every table is a sum, a minimum or the latest of what the event log says, so that the order in which events arrive does not
-- matter, and a table made anew from the log is the same. `person` is `user:<id>` or `anonymous:<id>`.
BEGIN;

SET LOCAL client_min_messages = warning;

DO $$
BEGIN
  -- The worker takes each portion of the event log into a temporary table first.
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO worker', current_database());
END
$$;

SET LOCAL ROLE worker;

CREATE TABLE IF NOT EXISTS profiles.progress (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  stored_by bigint  NOT NULL
);
COMMENT ON TABLE profiles.progress IS 'Events of transactions below this are in the profiles.';
INSERT INTO profiles.progress (stored_by) VALUES (0) ON CONFLICT DO NOTHING;

-- Which user a person turned out to be; the first one counts, because devices are shared.
CREATE TABLE IF NOT EXISTS profiles.link (
  person   text        NOT NULL,
  became   text        NOT NULL,
  first_at timestamptz NOT NULL,
  PRIMARY KEY (person, became)
);
CREATE INDEX IF NOT EXISTS link_became ON profiles.link (became);

CREATE TABLE IF NOT EXISTS profiles.trait (
  person text        NOT NULL,
  name   text        NOT NULL,
  value  jsonb       NOT NULL,
  at     timestamptz NOT NULL,
  event  text        NOT NULL,
  PRIMARY KEY (person, name)
);

CREATE TABLE IF NOT EXISTS profiles.activity (
  person   text        NOT NULL,
  name     text        NOT NULL,
  day      date        NOT NULL,
  count    bigint      NOT NULL,
  first_at timestamptz NOT NULL,
  last_at  timestamptz NOT NULL,
  PRIMARY KEY (person, name, day)
);

CREATE TABLE IF NOT EXISTS profiles.consent (
  person   text        PRIMARY KEY,
  purposes text[]      NOT NULL,
  at       timestamptz NOT NULL,
  event    text        NOT NULL
);

-- Whom an id stands for in the end.
CREATE OR REPLACE FUNCTION profiles.resolve(asked text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  reached text := asked;
  next    text;
  seen    text[] := ARRAY[asked];
BEGIN
  LOOP
    SELECT became INTO next FROM profiles.link WHERE person = reached ORDER BY first_at, became LIMIT 1;
    -- Aliases in a ring: everybody in it resolves to the same one.
    IF next = ANY (seen) THEN
      RETURN (SELECT min(one) FROM unnest(seen[array_position(seen, next):]) AS one);
    END IF;
    IF next IS NULL THEN RETURN reached; END IF;
    seen := seen || next;
    reached := next;
  END LOOP;
END
$$;

-- All ids of a person, given one that resolves to itself.
CREATE OR REPLACE FUNCTION profiles.ids(asked text) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE found (id) AS (
    SELECT asked
    UNION
    SELECT link.person FROM found JOIN profiles.link ON link.became = found.id
  )
  SELECT id FROM found WHERE profiles.resolve(id) = asked;
$$;

COMMIT;
