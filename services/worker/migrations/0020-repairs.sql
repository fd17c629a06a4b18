-- What people do to the event log by commands, which come as login worker: bad rows become events. Run by a superuser in the
-- marketing database, after the collector's; may run again at any time. Login worker exists before it does.
BEGIN;

SET LOCAL client_min_messages = warning;

GRANT SELECT ON events.bad_row, events.deleted_key TO worker;
GRANT SELECT, INSERT ON events.event, events.replay TO worker;
GRANT UPDATE ON events.replay TO worker;

COMMIT;
