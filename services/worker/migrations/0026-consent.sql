-- What people granted by a clock that is ahead, and what they refused. Run by a superuser in the marketing database, after the
-- profiles and the collector's 0015-refusals.sql; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;

-- Up to this version a device's clock was believed: whatever it said of a year to come could not be taken back until then.
UPDATE profiles.consent SET at = now() WHERE at > now();
UPDATE profiles.trait SET at = now() WHERE at > now();
UPDATE profiles.link SET first_at = now() WHERE first_at > now();

GRANT EXECUTE ON FUNCTION events.refusals(text[]) TO worker;

COMMIT;
