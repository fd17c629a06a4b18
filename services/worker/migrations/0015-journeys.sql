-- Journeys of people through campaigns, and the messages that leave. Run by a superuser in the marketing database, after
-- 0005-campaigns.sql; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL ROLE worker;

CREATE TABLE IF NOT EXISTS campaigns.enrolment (
  uid        text        NOT NULL,
  person     text        NOT NULL,
  campaign   text        NOT NULL,
  variant    text        NOT NULL,
  step       text,
  since      timestamptz NOT NULL,
  before     jsonb       NOT NULL,
  entered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  due_at     timestamptz,
  ended_at   timestamptz,
  reason     text        NOT NULL DEFAULT '',
  PRIMARY KEY (uid, person)
);
CREATE INDEX IF NOT EXISTS enrolment_due ON campaigns.enrolment (uid, due_at) WHERE due_at IS NOT NULL;
COMMENT ON TABLE campaigns.enrolment IS
  'Who came into which journey, once, and where they are; person is an id as in the profiles, uid the campaign''s.';
COMMENT ON COLUMN campaigns.enrolment.due_at IS
  'When what comes next is due; null while a message of the step before waits to leave, and behind the end.';
COMMENT ON COLUMN campaigns.enrolment.before IS 'What the person had done when they came in, as far as branches ask.';

CREATE TABLE IF NOT EXISTS campaigns.message (
  id         uuid        PRIMARY KEY,
  uid        text        NOT NULL,
  campaign   text        NOT NULL,
  person     text        NOT NULL,
  variant    text        NOT NULL,
  step       text        NOT NULL,
  channel    text        NOT NULL,
  kind       text        NOT NULL,
  content    text        NOT NULL,
  state      text        NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'leaving', 'sent', 'failed', 'unknown', 'withheld')),
  queued_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  due_at     timestamptz,
  round      integer     NOT NULL DEFAULT 0,
  claim      uuid,
  left_at    timestamptz,
  cost       float8      NOT NULL DEFAULT 0,
  settled_at timestamptz,
  reason     text        NOT NULL DEFAULT '',
  reference  text
);
CREATE INDEX IF NOT EXISTS message_person ON campaigns.message (person, left_at) WHERE left_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS message_spent ON campaigns.message (uid, left_at) WHERE left_at IS NOT NULL;
COMMENT ON TABLE campaigns.message IS
  'Every message of every journey, once: id is made of the campaign''s uid, the person and the step.';
COMMENT ON COLUMN campaigns.message.state IS
  'leaving: let out, and nobody said yet what became of it; unknown: it may have left; withheld: it was not let out, for good.';
COMMENT ON COLUMN campaigns.message.due_at IS 'When a queued one that waits is given to the job queue again; null once it is.';
COMMENT ON COLUMN campaigns.message.round IS 'How often it was given back.';
COMMENT ON COLUMN campaigns.message.left_at IS 'When it was let out; null of one that certainly did not leave.';

CREATE TABLE IF NOT EXISTS campaigns.feedback (
  message uuid        NOT NULL,
  kind    text        NOT NULL CHECK (kind IN ('bounced', 'complained', 'unsubscribed')),
  at      timestamptz NOT NULL,
  PRIMARY KEY (message, kind)
);
COMMENT ON TABLE campaigns.feedback IS 'What came back of messages; the message may be of another environment.';

CREATE TABLE IF NOT EXISTS campaigns.suppression (
  list   text        NOT NULL,
  who    text        NOT NULL,
  since  timestamptz NOT NULL DEFAULT clock_timestamp(),
  reason text        NOT NULL,
  PRIMARY KEY (list, who)
);
COMMENT ON TABLE campaigns.suppression IS
  'Who is not reached: an id as in the profiles. The list unsubscribed counts for every campaign, others for those that name them.';

CREATE TABLE IF NOT EXISTS campaigns.sweep (
  uid      text        PRIMARY KEY,
  declared text        NOT NULL,
  reached  text        NOT NULL DEFAULT '',
  done_at  timestamptz
);
COMMENT ON TABLE campaigns.sweep IS
  'Up to whom all people were looked at for a campaign, in the order of their ids, as it was declared.';

GRANT SELECT ON ALL TABLES IN SCHEMA campaigns TO reader;

COMMIT;
