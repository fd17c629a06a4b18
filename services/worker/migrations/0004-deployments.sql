-- Deploys as the ledger tells of them, and the five DORA measures. Run by a superuser in the marketing database, after
-- 0001-ledger.sql; may run again at any time.
BEGIN;

CREATE OR REPLACE VIEW ledger.deployment AS
SELECT
  change.id,
  change.details->>'environment'                 AS environment,
  service,
  change.details->>'outcome'                     AS outcome,
  change.details->>'release'                     AS release,
  change.occurred_at,
  (change.details->>'leadTimeSeconds')::float8   AS lead_time_seconds
FROM ledger.change, jsonb_array_elements_text(change.details->'services') AS service
WHERE change.kind = 'deploy';

COMMENT ON VIEW ledger.deployment IS
  'One row per deploy and service that it touched; lead_time_seconds is from the commit, null where no release was deployed.';

CREATE OR REPLACE VIEW ledger.dora AS
WITH deploy AS (
  SELECT
    details->>'environment'               AS environment,
    details->>'outcome' = 'failed'        AS failed,
    occurred_at,
    (details->>'leadTimeSeconds')::float8 AS lead_time_seconds
  FROM ledger.change
  WHERE kind = 'deploy' AND occurred_at > now() - interval '30 days'
),
restored AS (
  SELECT
    failure.environment,
    min(success.occurred_at) - failure.occurred_at AS took
  FROM deploy AS failure
  JOIN deploy AS success
    ON success.environment = failure.environment
   AND success.occurred_at > failure.occurred_at
   AND NOT success.failed
  WHERE failure.failed
  GROUP BY failure.environment, failure.occurred_at
),
returned AS (
  SELECT details->>'environment' AS environment, count(*) AS times
  FROM ledger.change
  WHERE kind = 'rollback' AND occurred_at > now() - interval '30 days'
  GROUP BY 1
)
SELECT
  environment,
  count(*) FILTER (WHERE NOT failed) / 30.0::float8                     AS deployments_per_day,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY lead_time_seconds)
    FILTER (WHERE NOT failed)                                           AS median_lead_time_seconds,
  avg(failed::int)::float8                                              AS change_failure_rate,
  (SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY took))::float8
   FROM restored WHERE restored.environment = deploy.environment)       AS median_seconds_to_restore,
  coalesce((SELECT times FROM returned WHERE returned.environment = deploy.environment), 0)
    / count(*)::float8                                                  AS rework_rate
FROM deploy
GROUP BY environment;

COMMENT ON VIEW ledger.dora IS
  'The five DORA measures of the last 30 days by environment; rework_rate is rollbacks per deploy.';

GRANT SELECT ON ledger.deployment, ledger.dora TO worker, reader;

COMMIT;
