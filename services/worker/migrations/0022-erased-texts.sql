-- Who erases people also notes how bad rows of theirs are known. Run by a superuser in the marketing database, after the
-- collector's 0014-erased-texts.sql; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;

GRANT EXECUTE ON FUNCTION events.erase_texts(jsonb, text[]) TO worker;
GRANT SELECT ON events.erasure_salt, events.bad_row TO worker;

COMMIT;
