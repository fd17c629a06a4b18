-- How often messages of journeys were tried, and which wait in the job queue. Run by a superuser in the marketing database, after
-- 0015-journeys.sql; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL ROLE worker;

ALTER TABLE campaigns.message ADD COLUMN IF NOT EXISTS tries integer NOT NULL DEFAULT 0;
ALTER TABLE campaigns.message ADD COLUMN IF NOT EXISTS given_at timestamptz;
CREATE INDEX IF NOT EXISTS message_given ON campaigns.message (given_at) WHERE due_at IS NULL AND settled_at IS NULL;
COMMENT ON COLUMN campaigns.message.tries IS 'How often it was let out, or the other side was asked what became of it.';
COMMENT ON COLUMN campaigns.message.given_at IS 'When it was last given to the job queue.';
COMMENT ON COLUMN campaigns.message.due_at IS
  'When one that waits is given to the job queue again; null once it is, and when it is settled.';

COMMIT;
