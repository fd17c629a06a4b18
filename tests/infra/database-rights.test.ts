import pg from "pg";
import { roles, type Role } from "../../infra/database-logins.ts";
import { startPostgres, type Postgres } from "../postgres.ts";
import { schemaJob, type SchemaJob } from "./schema-job.ts";

let postgres: Postgres;
let job: SchemaJob;
beforeAll(async () => {
  postgres = await startPostgres();
  job = await schemaJob(postgres);
  await job.run(passwords);
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  job.remove();
});

const passwords = {
  POSTGRES_PASSWORD: "unused",
  ...Object.fromEntries(
    roles.map((role) => [`${role.toUpperCase()}_PASSWORD`, `${role}'s "$pass`]),
  ),
};

/** Rows of one statement that `login` runs in `database`. */
async function as(login: Role | "postgres", database: string, sql: string) {
  const url = new URL(postgres.url);
  url.username = login;
  url.pathname = database;
  const client = new pg.Client({ connectionString: url.href });
  try {
    await client.connect();
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

const event = `INSERT INTO events.event
  (source, id, type, occurred_at, received_at, context, properties, consent)
  VALUES ('website', 'e', 'track', now(), now(), '{}', '{}', '{}') ON CONFLICT DO NOTHING`;
const change = `INSERT INTO ledger.change (id, kind, subject, actor, occurred_at, details)
  VALUES (gen_random_uuid(), 'content.publish', 'page', 'cms', now(), '{}')`;

test("the SQL may run again, and prints no password", async () => {
  const printed = await job.run(passwords);
  expect(printed).toContain("2-collector-0001-events.sql");
  expect(printed).not.toContain("$pass");
});

test("every role has one open login, a closed one that takes turns with it, and no power over the server", async () => {
  const login = (rolname: string, isOpen: boolean) => ({
    rolname,
    rolcanlogin: isOpen,
    rolsuper: false,
    rolcreaterole: false,
    rolcreatedb: false,
    rolreplication: false,
    rolbypassrls: false,
    kept_as: isOpen ? "SCRAM-SHA-256" : null,
  });
  expect(
    await as(
      "postgres",
      "postgres",
      `SELECT rolname, rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
         left(rolpassword, 13) AS kept_as FROM pg_authid WHERE rolname !~ '^(pg_|postgres$)' ORDER BY 1`,
    ),
  ).toEqual(
    ["cms", "collector", "reader", "worker"].flatMap((role) => [
      login(role, true),
      login(`${role}_b`, false),
    ]),
  );
});

test.each<[Role, string, string, string]>([
  ["cms", "cms", "makes its tables", "CREATE TABLE public.pages (id int)"],
  ["collector", "marketing", "stores events", event],
  [
    "collector",
    "marketing",
    "copies by way of a temporary table",
    "CREATE TEMPORARY TABLE t (a int)",
  ],
  ["worker", "marketing", "reads events", "SELECT * FROM events.event"],
  ["worker", "marketing", "writes the ledger", change],
  ["worker", "marketing", "makes the tables of its jobs", "CREATE TABLE jobs.a (id int)"],
  ["worker", "marketing", "makes the tables of profiles", "CREATE TABLE profiles.a (id int)"],
  ["reader", "marketing", "reads events", "SELECT * FROM events.event, events.bad_row"],
  ["reader", "marketing", "reads the ledger", "SELECT * FROM ledger.change"],
  [
    "reader",
    "marketing",
    "reads tables that the worker made later",
    "SELECT * FROM jobs.a, profiles.a",
  ],
])("%s in %s %s", async (login, database, _what, sql) => {
  await expect(as(login, database, sql)).resolves.toBeDefined();
});

test.each<[Role, string, string, string]>([
  ["cms", "marketing", "connect", "SELECT 1"],
  ["collector", "cms", "connect", "SELECT 1"],
  ["worker", "cms", "connect", "SELECT 1"],
  ["reader", "cms", "connect", "SELECT 1"],
  ["reader", "postgres", "connect", "SELECT 1"],
  ["collector", "marketing", "delete events", "DELETE FROM events.event"],
  ["collector", "marketing", "change events", "UPDATE events.event SET name = 'x'"],
  ["collector", "marketing", "read the ledger", "SELECT * FROM ledger.change"],
  ["collector", "marketing", "make tables", "CREATE TABLE public.a (id int)"],
  ["worker", "marketing", "store events", event],
  ["worker", "marketing", "change the ledger", "UPDATE ledger.change SET kind = 'x'"],
  ["worker", "marketing", "delete from the ledger", "DELETE FROM ledger.change"],
  ["reader", "marketing", "store events", event],
  ["reader", "marketing", "write the ledger", change],
  ["reader", "marketing", "make tables", "CREATE TABLE jobs.b (id int)"],
  ["reader", "marketing", "make temporary tables", "CREATE TEMPORARY TABLE t (a int)"],
])("fails when %s in %s wants to %s", async (login, database, _what, sql) => {
  await expect(as(login, database, sql)).rejects.toThrow(/permission denied/);
});

test("a password is in no statement, which the server may log", async () => {
  const PGOPTIONS = "-c log_statement=all -c client_min_messages=log";
  const said = await job.run({ ...passwords, PGOPTIONS });
  for (const role of roles) {
    expect(said).toMatch(new RegExp(`statement: ALTER USER ${role} PASSWORD 'SCRAM-SHA-256\\$`));
  }
  expect(said).not.toContain("$pass");
});
