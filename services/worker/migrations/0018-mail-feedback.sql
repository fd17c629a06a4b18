-- How far what came back of mails was taken over from the event log. Run by a superuser in the marketing database, after
-- 0015-journeys.sql; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL ROLE worker;

CREATE TABLE IF NOT EXISTS campaigns.feedback_progress (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  stored_by bigint  NOT NULL
);
COMMENT ON TABLE campaigns.feedback_progress IS 'What events of transactions below this tell of mails is in campaigns.feedback.';
INSERT INTO campaigns.feedback_progress (stored_by) VALUES (0) ON CONFLICT DO NOTHING;

GRANT SELECT ON campaigns.feedback_progress TO reader;

COMMIT;
