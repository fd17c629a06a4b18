-- Messages that wait are looked for by campaign, and noted as held back once: those of a campaign that is paused may be many. Run by
-- a superuser in the marketing database, after 0016-message-tries.sql; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL ROLE worker;

ALTER TABLE campaigns.message ADD COLUMN IF NOT EXISTS is_held boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN campaigns.message.is_held IS 'Whether one that waits is in campaigns.held, since it was last due.';
CREATE INDEX IF NOT EXISTS message_waiting ON campaigns.message (uid, is_held, due_at) WHERE due_at IS NOT NULL;
DROP INDEX IF EXISTS campaigns.message_due;

COMMIT;
