-- Erasure of people: from the event log, bad rows, profiles, campaigns and queues, and from what is still in a spool. Run by a
-- superuser in the marketing database, after 0001-events.sql; may run again at any time. Login collector exists before it does.
BEGIN;

SET LOCAL client_min_messages = warning;

CREATE TABLE IF NOT EXISTS events.erasure_salt (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  salt     bytea   NOT NULL
);
INSERT INTO events.erasure_salt (salt)
  VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS events.erased_id (
  digest    bytea       PRIMARY KEY,
  erased_at timestamptz NOT NULL
);
COMMENT ON TABLE events.erased_id IS
  'Whose events of before erased_at are not stored any more: salted digests of user:<id> and anonymous:<id>.';

CREATE OR REPLACE FUNCTION events.person_digest(person text) RETURNS bytea
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN sha256((SELECT salt FROM events.erasure_salt) || convert_to(person, 'UTF8'));

-- What stands for an erased person where something about them has to be kept.
CREATE OR REPLACE FUNCTION events.erased_name(person text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN 'erased:' || encode(events.person_digest(person), 'hex');

-- When the person of an event was erased; null if nobody of them was.
CREATE OR REPLACE FUNCTION events.erased_at(user_id text, anonymous_id text) RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (SELECT max(erased_at) FROM events.erased_id WHERE digest IN (
    events.person_digest('user:' || user_id), events.person_digest('anonymous:' || anonymous_id)));

-- Lets nobody store until the transaction ends; what is being stored comes first. As its owner, so that who may erase needs no
-- other right.
CREATE OR REPLACE FUNCTION events.hold_stores() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  LOCK TABLE events.event, events.bad_row IN SHARE ROW EXCLUSIVE MODE;
END
$$;

-- Erases people (`user:<id>`, `anonymous:<id>`) and the bad rows with one of `needles` in their bytes; says how much there was.
-- As its owner, so that who may erase needs no other right. Every table of profiles and campaigns names people in `person`, but for
-- those that are named here. Who is on a suppression list stays there by a digest: they may come again, and objected to mails.
CREATE OR REPLACE FUNCTION events.erase(people text[], needles bytea[]) RETURNS jsonb
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  erased   jsonb := '{}';
  messages text[] := '{}';
  count    bigint;
  place    record;
BEGIN
  -- What is being stored comes first; what comes later finds the digests.
  PERFORM events.hold_stores();
  INSERT INTO events.erased_id SELECT DISTINCT events.person_digest(one), clock_timestamp() FROM unnest(people) AS one
    ON CONFLICT (digest) DO UPDATE SET erased_at = excluded.erased_at;

  DELETE FROM events.event WHERE 'user:' || user_id = ANY (people) OR 'anonymous:' || anonymous_id = ANY (people);
  GET DIAGNOSTICS count = ROW_COUNT;
  erased := erased || jsonb_build_object('events.event', count);

  DELETE FROM events.bad_row WHERE EXISTS (SELECT FROM unnest(needles) AS needle WHERE position(needle IN raw) > 0);
  GET DIAGNOSTICS count = ROW_COUNT;
  erased := erased || jsonb_build_object('events.bad_row', count);

  IF to_regclass('campaigns.message') IS NOT NULL THEN
    messages := ARRAY(SELECT id::text FROM campaigns.message WHERE person = ANY (people) FOR UPDATE);
    DELETE FROM campaigns.held WHERE effect = ANY (messages);
    DELETE FROM campaigns.feedback WHERE message = ANY (messages::uuid[]);
    UPDATE campaigns.sweep SET reached = '' WHERE reached = ANY (people);
  END IF;

  -- Messages before enrolments, as who settles one has them; then again, for the message of who goes on in a journey right now.
  FOR place IN
    SELECT name, condition FROM generate_series(1, 2) AS pass, (
      SELECT format('%I.%I', table_schema, table_name) AS name, string_agg(format('%I = ANY ($1)', column_name), ' OR ') AS condition
        FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema IN ('profiles', 'campaigns') AND column_name IN ('person', 'became') AND table_type = 'BASE TABLE'
       GROUP BY 1) AS place
     ORDER BY pass, name DESC
  LOOP
    EXECUTE format('DELETE FROM %s WHERE %s', place.name, place.condition) USING people;
    GET DIAGNOSTICS count = ROW_COUNT;
    erased := erased || jsonb_build_object(place.name, coalesce((erased->>place.name)::bigint, 0) + count);
  END LOOP;

  -- After the messages: what is just being told of one comes first.
  IF to_regclass('campaigns.suppression') IS NOT NULL THEN
    INSERT INTO campaigns.suppression (list, who, since, reason)
      SELECT list, events.erased_name(who), since, 'erased since' FROM campaigns.suppression WHERE who = ANY (people)
      ON CONFLICT DO NOTHING;
    DELETE FROM campaigns.suppression WHERE who = ANY (people);
    GET DIAGNOSTICS count = ROW_COUNT;
    erased := erased || jsonb_build_object('campaigns.suppression', count);
  END IF;

  IF to_regclass('jobs.job') IS NOT NULL THEN
    DELETE FROM jobs.job WHERE EXISTS (
      SELECT FROM jsonb_path_query(data, 'strict $.** ? (@.type() == "string")') AS text
       WHERE text #>> '{}' = ANY (people || messages) OR 'user:' || (text #>> '{}') = ANY (people));
    GET DIAGNOSTICS count = ROW_COUNT;
    erased := erased || jsonb_build_object('jobs.job', count);
  END IF;
  RETURN erased;
END
$$;

REVOKE EXECUTE ON FUNCTION events.hold_stores(), events.erase(text[], bytea[]) FROM PUBLIC;
GRANT SELECT ON events.erased_id, events.erasure_salt TO collector;

COMMIT;
