-- Campaigns as the worker runs them, and whether anything may leave. Run by a superuser in the marketing database, after the
-- collector's; may run again at any time. Logins worker and reader exist before it does.
BEGIN;

SET LOCAL client_min_messages = warning;

CREATE SCHEMA IF NOT EXISTS campaigns AUTHORIZATION worker;
GRANT USAGE ON SCHEMA campaigns TO reader;
-- Campaigns on the web are flags.
GRANT SELECT, INSERT, UPDATE, DELETE ON events.flags TO worker;

SET LOCAL ROLE worker;

CREATE TABLE IF NOT EXISTS campaigns.campaign (
  name            text        PRIMARY KEY,
  uid             text        NOT NULL,
  generation      bigint      NOT NULL,
  spec            jsonb       NOT NULL,
  opens_at        timestamptz NOT NULL,
  closes_at       timestamptz NOT NULL,
  hold            text        CHECK (hold IN ('paused', 'stopped')),
  rollout_percent integer     NOT NULL CHECK (rollout_percent BETWEEN 0 AND 100),
  rollout_since   timestamptz NOT NULL DEFAULT clock_timestamp(),
  percents        jsonb       NOT NULL,
  reason          text        NOT NULL,
  removed_at      timestamptz
);
COMMENT ON TABLE campaigns.campaign IS
  'Each campaign as it was last accepted, and what was decided about it since; one whose file is gone has removed_at.';
COMMENT ON COLUMN campaigns.campaign.uid IS 'Of the custom resource: another one is another campaign of the same name.';
COMMENT ON COLUMN campaigns.campaign.hold IS 'What somebody decided by hand: paused, stopped.';
COMMENT ON COLUMN campaigns.campaign.percents IS 'Percent of each variant at run time, by name; 0 is rolled back.';
COMMENT ON COLUMN campaigns.campaign.reason IS 'Why roll-out and percents are as they are.';

CREATE TABLE IF NOT EXISTS campaigns.outbound (
  only_row  boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  stopped   boolean     NOT NULL,
  looked_at timestamptz NOT NULL
);
COMMENT ON TABLE campaigns.outbound IS
  'The kill switch as it was at looked_at, by this server''s clock. Nothing leaves unless somebody looked a moment ago.';
INSERT INTO campaigns.outbound (stopped, looked_at) VALUES (false, 'epoch') ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS campaigns.held (
  campaign text        NOT NULL,
  effect   text        NOT NULL,
  since    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (campaign, effect)
);
COMMENT ON TABLE campaigns.held IS 'Effects that wanted to leave, were not let out, and wait.';

GRANT SELECT ON ALL TABLES IN SCHEMA campaigns TO reader;

COMMIT;
