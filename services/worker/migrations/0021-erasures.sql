-- Who erases people: commands, which come as login worker. Run by a superuser in the marketing database, after the collector's
-- and the profiles; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;

GRANT EXECUTE ON FUNCTION events.hold_stores(), events.erase(text[], bytea[]) TO worker;

COMMIT;
