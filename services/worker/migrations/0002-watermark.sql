-- Up to when the worker knows what was published in the CMS. Run by a superuser in the marketing database, after
-- 0001-ledger.sql; may run again at any time.
BEGIN;

CREATE TABLE IF NOT EXISTS ledger.watermark (
  model   text        PRIMARY KEY,
  reached timestamptz NOT NULL
);

COMMENT ON TABLE ledger.watermark IS
  'For each content type of the CMS, the newest publication that its REST API has told of; older ones are enqueued.';

GRANT SELECT, INSERT, UPDATE ON ledger.watermark TO worker;
GRANT SELECT ON ledger.watermark TO reader;

COMMIT;
