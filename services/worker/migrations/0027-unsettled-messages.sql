-- Messages whose cost may come back, and those that wait for it, are summed up for each one that leaves. Run by a superuser in the
-- marketing database, after 0017-spent.sql; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL ROLE worker;

CREATE INDEX IF NOT EXISTS message_unsettled ON campaigns.message (uid) WHERE settled_at IS NULL AND cost > 0;
CREATE INDEX IF NOT EXISTS message_waits_for_budget ON campaigns.message (uid)
  WHERE state = 'queued' AND reason = 'total budget';

COMMIT;
