-- The ledger. Run by a superuser in the marketing database; may run again at any time.
-- Logins worker and reader exist before it does.
BEGIN;

CREATE SCHEMA IF NOT EXISTS ledger;

CREATE TABLE IF NOT EXISTS ledger.change (
  id          uuid        PRIMARY KEY,
  kind        text        NOT NULL,
  subject     text        NOT NULL,
  actor       text        NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  details     jsonb       NOT NULL
);

COMMENT ON TABLE ledger.change IS
  'What changed in this environment: one row per publication, deploy, promotion, rollback or incident; never updated.';
COMMENT ON COLUMN ledger.change.kind IS 'content.publish, content.unpublish, content.delete, …';
COMMENT ON COLUMN ledger.change.subject IS 'What it happened to, e.g. page/home/en.';

CREATE INDEX IF NOT EXISTS change_kind_occurred_at ON ledger.change (kind, occurred_at);

GRANT USAGE ON SCHEMA ledger TO worker, reader;
GRANT SELECT, INSERT ON ledger.change TO worker;
GRANT SELECT ON ledger.change TO reader;

COMMIT;
