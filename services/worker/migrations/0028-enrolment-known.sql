-- By which ids people came into journeys. Run by a superuser in the marketing database, after 0015-journeys.sql; may run again at any
-- time.
BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL ROLE worker;

-- Digests, because an id may turn out to be somebody else's, who is erased by it.
ALTER TABLE campaigns.enrolment ADD COLUMN IF NOT EXISTS known bytea[];
COMMENT ON COLUMN campaigns.enrolment.known IS
  'SHA-256 of each id of the person when they came in: what they had done by those is in before. Null of who came in earlier than this column.';

COMMIT;
