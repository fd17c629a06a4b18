-- Who deletes what is too old: the worker. Run by a superuser in the marketing database, after the collector's 0013-retention.sql;
-- may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;

GRANT EXECUTE ON FUNCTION events.expire(jsonb, timestamptz, integer) TO worker;
GRANT SELECT ON events.expired, events.expiry TO worker;

COMMIT;
