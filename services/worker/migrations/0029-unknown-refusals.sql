-- Refusals of those whom nobody knows, who are most of those who refuse: they do not stay. Run by a superuser in the marketing
-- database, after the collector's 0015-refusals.sql and the profiles; may run again at any time.
BEGIN;

SET LOCAL client_min_messages = warning;

-- A refusal counts against what was granted before it. Whoever has granted nothing 30 days later has nothing on its way either:
-- what they grant from then on is newer. As its owner, so that who calls it needs no right to digests. Returns how many went.
CREATE OR REPLACE FUNCTION events.forget_unknown_refusals() RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM events.refusal WHERE at < now() - interval '30 days' AND digest NOT IN (
    SELECT events.person_digest(encode(sha256(convert_to(known.person, 'UTF8')), 'hex'))
      FROM (SELECT person FROM profiles.consent UNION SELECT person FROM profiles.link UNION SELECT became FROM profiles.link) AS known);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;

REVOKE EXECUTE ON FUNCTION events.forget_unknown_refusals() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION events.forget_unknown_refusals() TO worker;

COMMIT;
