-- The event log and its bad rows. Run by a superuser in the marketing database; may run again at any time.
-- Logins collector and reader exist before it does.
BEGIN;

SET LOCAL client_min_messages = warning;

CREATE SCHEMA IF NOT EXISTS events;

CREATE TABLE IF NOT EXISTS events.event (
  source       text        NOT NULL,
  id           text        NOT NULL,
  type         text        NOT NULL,
  name         text,
  dialect      text,
  anonymous_id text,
  user_id      text,
  occurred_at  timestamptz NOT NULL,
  received_at  timestamptz NOT NULL,
  context      jsonb       NOT NULL,
  properties   jsonb       NOT NULL,
  consent      text[]      NOT NULL,
  campaign     text,
  stored_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (source, id)
);

COMMENT ON TABLE events.event IS
  'Events as in services/contract/event.ts; without consent to analytics only id, type, name, source and times.';

CREATE INDEX IF NOT EXISTS event_received_at ON events.event USING brin (received_at);

CREATE TABLE IF NOT EXISTS events.bad_row (
  id          text        PRIMARY KEY,
  source      text        NOT NULL,
  dialect     text        NOT NULL,
  path        text        NOT NULL,
  reason      text        NOT NULL,
  received_at timestamptz NOT NULL,
  raw         bytea       NOT NULL,
  stored_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

COMMENT ON TABLE events.bad_row IS 'What senders sent and nobody could use: byte for byte, with the reason.';

GRANT USAGE ON SCHEMA events TO collector, reader;
-- SELECT, because ON CONFLICT looks at the key.
GRANT SELECT, INSERT ON events.event, events.bad_row TO collector;
GRANT SELECT ON events.event, events.bad_row TO reader;

DO $$
BEGIN
  -- The collector copies into a temporary table first.
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO collector', current_database());
END
$$;

COMMIT;
