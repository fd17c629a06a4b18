-- Messages are counted by channel too, at each scrape. Run by a superuser in the marketing database, after 0015-journeys.sql; may
-- run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL ROLE worker;

CREATE INDEX IF NOT EXISTS message_counts ON campaigns.message (kind, campaign, channel, state);
CREATE INDEX IF NOT EXISTS message_withheld ON campaigns.message (campaign, channel, kind, reason) WHERE state = 'withheld';
DROP INDEX IF EXISTS campaigns.message_counted;

COMMIT;
