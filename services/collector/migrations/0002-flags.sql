-- Flags, which campaigns declare and the collector serves. Run by a superuser in the marketing database; may run again
-- at any time. Logins collector and reader exist before it does.
BEGIN;

SET LOCAL client_min_messages = warning;

CREATE TABLE IF NOT EXISTS events.flags (
  key     text    PRIMARY KEY,
  version integer NOT NULL,
  flag    jsonb   NOT NULL
);

COMMENT ON TABLE events.flags IS
  'Flags as in services/contract/flag.ts, one a row; who changes one counts its version up.';

GRANT SELECT ON events.flags TO collector, reader;

COMMIT;
