-- Who refused analytics: events of theirs keep nothing that leads to them, and yet what they granted before must not count any
-- more. Run by a superuser in the marketing database, after 0011-erasures.sql; may run again at any time. Logins collector and
-- reader exist before it does.
BEGIN;

SET LOCAL client_min_messages = warning;

CREATE TABLE IF NOT EXISTS events.refusal (
  digest   bytea       PRIMARY KEY,
  purposes text[]      NOT NULL,
  at       timestamptz NOT NULL
);
COMMENT ON TABLE events.refusal IS
  'Consent of those who refused analytics last, by salted digests of digests of user:<id> and anonymous:<id>.';
COMMENT ON COLUMN events.refusal.purposes IS 'Purposes that they still grant.';

-- The last refusal of each of some people who ever refused. As its owner, so that who asks needs to know an id, and no salt.
CREATE OR REPLACE FUNCTION events.refusals(people text[])
  RETURNS TABLE (person text, purposes text[], at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT one, refusal.purposes, refusal.at FROM unnest(people) AS one
    JOIN events.refusal ON digest = events.person_digest(encode(sha256(convert_to(one, 'UTF8')), 'hex'))
$$;

-- Who is erased is so by both digests; what is being stored comes first, what comes later finds them.
CREATE OR REPLACE FUNCTION events.erase_refusal() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  LOCK TABLE events.refusal IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM events.refusal WHERE digest = new.digest;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER erase_refusal AFTER INSERT OR UPDATE ON events.erased_id
  FOR EACH ROW EXECUTE FUNCTION events.erase_refusal();

REVOKE EXECUTE ON FUNCTION events.refusals(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events.refusals(text[]) TO reader;
GRANT SELECT, INSERT ON events.refusal TO collector;
GRANT UPDATE (purposes, at) ON events.refusal TO collector;
-- Both have times and digests by which events could be found again.
REVOKE ALL ON events.refusal, events.erasure_salt FROM reader;

COMMIT;
