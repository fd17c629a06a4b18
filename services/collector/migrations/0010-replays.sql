-- Which bad rows were replayed, and what came of it. Run by a superuser in the marketing database, after 0001-events.sql; may
-- run again at any time. Logins collector and reader exist before it does.
BEGIN;

SET LOCAL client_min_messages = warning;

CREATE TABLE IF NOT EXISTS events.replay (
  bad_row     text        PRIMARY KEY,
  mapping     text        NOT NULL,
  keys        jsonb       NOT NULL,
  stored      integer     NOT NULL,
  replayed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

COMMENT ON TABLE events.replay IS
  'Bad rows that a mapping made events of, each at most once: written in the transaction that stores the events.';
COMMENT ON COLUMN events.replay.mapping IS 'File in repairs/ and the digest of its content: <name>@<digest>.';
COMMENT ON COLUMN events.replay.keys IS 'Source and id of each event; none if the mapping dropped the row.';
COMMENT ON COLUMN events.replay.stored IS 'How many of them were new; the others were in the log already, or deleted from it.';

-- Commands that replay come as the login that stores events.
GRANT SELECT, INSERT ON events.replay TO collector;
GRANT UPDATE (stored) ON events.replay TO collector;
GRANT SELECT ON events.replay TO reader;

COMMIT;
