import { readConfig } from "../../../services/collector/config.ts";

const complete = {
  DATABASE_URL: "postgresql://collector:secret@database:5432/marketing",
  SOURCES: '{"website":{"writeKey":"WRITE_KEY"}}',
};

test("what is left out has its default", () => {
  expect(readConfig(complete)).toEqual({
    port: 8080,
    databaseUrl: complete.DATABASE_URL,
    sources: [{ name: "website", writeKey: "WRITE_KEY" }],
    spoolDir: "/spool",
    spoolMaxBytes: 1_073_741_824,
    tlsDir: undefined,
    tlsPort: 8443,
    logLevel: "info",
  });
});

test("what is given is used", () => {
  const env = {
    PORT: "9000",
    SPOOL_DIR: "/data",
    SPOOL_MAX_BYTES: "2097152",
    EVENT_TOPIC: "projects/p/topics/events",
    LOG_LEVEL: "debug",
  };
  expect(readConfig({ ...complete, ...env })).toMatchObject({
    port: 9000,
    spoolDir: "/data",
    spoolMaxBytes: 2_097_152,
    eventTopic: "projects/p/topics/events",
    logLevel: "debug",
  });
});

test("a source may have a previous write key", () => {
  const SOURCES = '{"website":{"writeKey":"WRITE_KEY","previousWriteKey":"OLDER_KEY"}}';
  expect(readConfig({ ...complete, SOURCES }).sources).toEqual([
    { name: "website", writeKey: "WRITE_KEY", previousWriteKey: "OLDER_KEY" },
  ]);
});

test("a source may have rules", () => {
  const SOURCE_RULES = '{"website":{"origins":["https://shop.example"],"eventsPerSecond":100}}';
  expect(readConfig({ ...complete, SOURCE_RULES }).sources).toEqual([
    {
      name: "website",
      writeKey: "WRITE_KEY",
      rules: { origins: ["https://shop.example"], eventsPerSecond: 100 },
    },
  ]);
});

test.each([
  [{ SOURCE_RULES: "{" }, 'SOURCE_RULES must be JSON, got "{"'],
  [{ SOURCE_RULES: '{"shop":{}}' }, 'SOURCE_RULES must name sources, got "shop"'],
  [{ PORT: "0" }, 'PORT must be a whole number from 1 to 65535, got "0"'],
  [{ PORT: "80.5" }, 'PORT must be a whole number from 1 to 65535, got "80.5"'],
  [{ SPOOL_MAX_BYTES: "1GB" }, "SPOOL_MAX_BYTES must be a whole number from 1048576 to"],
  [{ EVENT_TOPIC: "events" }, "EVENT_TOPIC must be a topic as projects/<project>/topics/<topic>"],
  [{ LOG_LEVEL: "loud" }, "LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, got"],
  [{ DATABASE_URL: undefined }, "DATABASE_URL must be a PostgreSQL URL, got nothing; set it to"],
  [
    { DATABASE_URL: "mysql://u:hunter2@h/d" },
    "DATABASE_URL must be a PostgreSQL URL, got 21 characters",
  ],
  [{ SOURCES: undefined }, "SOURCES must be a JSON object, got nothing; set it to"],
  [{ SOURCES: "website=KEY" }, "SOURCES must be a JSON object, got 11 characters"],
  [{ SOURCES: "[]" }, "SOURCES must be a JSON object"],
  [{ SOURCES: "{}" }, "SOURCES must name at least one source"],
  [{ SOURCES: '{"Web":{"writeKey":"WRITE_KEY"}}' }, 'characters of [a-z0-9-], got "Web"'],
  [{ SOURCES: '{"web":{"writeKey":"short"}}' }, 'must give "web" a writeKey of 8-128 characters'],
  [
    { SOURCES: '{"web":null}' },
    'must give "web" a writeKey of 8-128 characters of [A-Za-z0-9_-], got nothing',
  ],
  [
    { SOURCES: '{"a":{"writeKey":"WRITE_KEY"},"b":{"writeKey":"WRITE_KEY"}}' },
    'a writeKey of its own, got the same for "a" and "b"',
  ],
  [
    { SOURCES: '{"web":{"writeKey":"WRITE_KEY","previousWriteKey":7}}' },
    'must give "web" a previousWriteKey of 8-128 characters of [A-Za-z0-9_-], got number',
  ],
])("fails on %j", (changes, message) => {
  expect(() => readConfig({ ...complete, ...changes })).toThrow(message);
});

test("fails with all problems in one message, and without a secret in it", () => {
  const read = (): unknown =>
    readConfig({ PORT: "x", DATABASE_URL: "hunter2", SOURCES: '{"web":{"writeKey":"hunter2"}}' });
  expect(read).toThrow(/^PORT .*\nDATABASE_URL .*\nSOURCES .*$/);
  expect(read).not.toThrow(/hunter2/);
});
