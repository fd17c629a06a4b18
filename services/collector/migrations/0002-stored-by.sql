-- The transaction that stored each event, by which readers follow the log without missing one that commits late. Run by a
-- superuser in the marketing database, after 0001-events.sql; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;

ALTER TABLE events.event ADD COLUMN IF NOT EXISTS
  stored_by bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;

COMMENT ON COLUMN events.event.stored_by IS
  'Transaction that stored it: all of those below pg_snapshot_xmin(pg_current_snapshot()) have ended.';

CREATE INDEX IF NOT EXISTS event_stored_by ON events.event USING brin (stored_by) WITH (autosummarize);

COMMIT;
