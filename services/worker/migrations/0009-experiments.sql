-- What experiments of campaigns have shown. Run by a superuser in the marketing database, after 0005-campaigns.sql; may run again
-- at any time.
BEGIN;

SET LOCAL client_min_messages = warning;
SET LOCAL ROLE worker;

-- The first one counts: the earliest of what the event log and the journeys say, so that their order does not matter.
CREATE TABLE IF NOT EXISTS campaigns.exposure (
  campaign text        NOT NULL,
  person   text        NOT NULL,
  variant  text        NOT NULL,
  at       timestamptz NOT NULL,
  PRIMARY KEY (campaign, person)
);
COMMENT ON TABLE campaigns.exposure IS
  'Who was given which variant of a campaign first; person is an id as in the profiles, user:<id> or anonymous:<id>.';

CREATE TABLE IF NOT EXISTS campaigns.experiment (
  campaign     text        PRIMARY KEY,
  declared     jsonb       NOT NULL,
  counted_from timestamptz NOT NULL,
  arms         jsonb       NOT NULL DEFAULT '[]',
  verdict      jsonb,
  explanation  text        NOT NULL DEFAULT '',
  concluded_at timestamptz
);
ALTER TABLE campaigns.experiment ADD COLUMN IF NOT EXISTS reached jsonb NOT NULL DEFAULT '[]';
-- Before, nothing else was counted.
UPDATE campaigns.experiment SET reached = arms WHERE reached = '[]';
COMMENT ON COLUMN campaigns.experiment.reached IS 'As arms, but of people of any time since counted_from.';
COMMENT ON COLUMN campaigns.experiment.declared IS
  'Of the campaign''s file: what people are shared out by and judged by. Where it changes, counting begins anew.';
COMMENT ON COLUMN campaigns.experiment.concluded_at IS 'When there was a verdict; people shared out later are not counted for it.';

CREATE TABLE IF NOT EXISTS campaigns.look (
  campaign   text        NOT NULL,
  variant    text        NOT NULL,
  at         timestamptz NOT NULL,
  difference float8      NOT NULL,
  low        float8      NOT NULL,
  high       float8      NOT NULL,
  PRIMARY KEY (campaign, variant, at)
);
COMMENT ON TABLE campaigns.look IS 'What was known of a variant against the first one, the last of each UTC day.';

GRANT SELECT ON ALL TABLES IN SCHEMA campaigns TO reader;

RESET ROLE;

-- Events that the profiles took before there were exposures.
INSERT INTO campaigns.exposure (campaign, person, variant, at)
SELECT DISTINCT ON (1, 2) campaign, person, variant, occurred_at
FROM (
  SELECT campaign, occurred_at, id, properties->>'variant' AS variant,
    CASE WHEN user_id IS NULL THEN 'anonymous:' || anonymous_id ELSE 'user:' || user_id END AS person
  FROM events.event
  WHERE type = 'exposure' AND stored_by < (SELECT stored_by FROM profiles.progress)
) AS exposure
WHERE campaign IS NOT NULL AND person IS NOT NULL AND variant IS NOT NULL
ORDER BY campaign, person, occurred_at, id
ON CONFLICT DO NOTHING;

COMMIT;
