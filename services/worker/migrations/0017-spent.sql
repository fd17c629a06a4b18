-- What messages of campaigns have cost, by day: a sum over all messages for each one that leaves would be slower with each. Run by
-- a superuser in the marketing database, after 0016-message-tries.sql; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL ROLE worker;

CREATE TABLE IF NOT EXISTS campaigns.spent (
  uid    text    NOT NULL,
  day    date    NOT NULL,
  amount numeric NOT NULL,
  PRIMARY KEY (uid, day)
);
COMMENT ON TABLE campaigns.spent IS
  'What a campaign''s messages have cost that left, or may have, by the day of its time zone; in the currency of its budget.';
GRANT SELECT ON campaigns.spent TO reader;

ALTER TABLE campaigns.message ADD COLUMN IF NOT EXISTS spent_on date;
COMMENT ON COLUMN campaigns.message.spent_on IS 'Day on which its cost is counted; null if it is not.';

COMMIT;
