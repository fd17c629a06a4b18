import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { dumpScript } from "../../../commands/backups/dump-script.ts";
import { knownErasuresSql, withKnown } from "../../../commands/backups/known-erasures.ts";
import { restorable, restoredNameSql } from "../../../commands/backups/restorable.ts";
import { eraseAgain } from "../../../commands/erase/again.ts";
import { erase } from "../../../commands/erase/erase.ts";
import { notedErasures, noteErasure, type NotedErasure } from "../../../commands/erase/noted.ts";
import { databaseRolesSql } from "../../../infra/database-roles.ts";
import { badRow } from "../../../services/collector/bad-row.ts";
import {
  BAD_ROW_TABLE,
  EVENT_TABLE,
  PostgresSink,
} from "../../../services/collector/postgres-sink.ts";
import { followLog } from "../../../services/worker/profiles/follow.ts";
import { readMigrations } from "../../../stacks/migrations.ts";
import { startPostgres, type Postgres } from "../../postgres.ts";
import { anEvent } from "../../services/contract/an-event.ts";

/** Its programs, where Debian and the image have them. */
const BIN = "/usr/lib/postgresql/*/bin";

let folder: string;
let before: Postgres;
let after: Postgres;
let stored: pg.Pool;
let restored: pg.Pool;
let dump: string;

const logins = { WORKER_PASSWORD: "w", COLLECTOR_PASSWORD: "c", READER_PASSWORD: "r" };
const inDatabase = (url: string): string => url.replace("/postgres?", "/marketing?");
const shell = async (postgres: Postgres, script: string, args: string[] = []): Promise<string> => {
  const host = new URL(postgres.url).searchParams.get("host")!;
  const { stdout } = await promisify(execFile)("bash", ["-euc", script, "bash", ...args], {
    env: { PATH: "/usr/bin:/bin", PGHOST: host, PGUSER: "postgres", ...logins },
    maxBuffer: 2 ** 26,
  });
  return stdout;
};
/** As the database's start script does it. */
const load = (postgres: Postgres, file: string): Promise<string> =>
  shell(
    postgres,
    `${BIN}/psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres --file="$1"`,
    [file],
  );
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const toLoad = async (path: string, erasures?: NotedErasure[]): Promise<string> => {
  const parts: Buffer[] = [];
  const noted = erasures ?? (await notedErasures(folder));
  for await (const part of restorable(path, noted, "of today")) parts.push(part);
  return Buffer.concat(parts).toString();
};
const bad = (id: string, raw: Buffer): Buffer => {
  const at = { source: "website", dialect: "segment", path: id, reason: "r" };
  const receivedAt = "2026-01-01T00:00:00.000Z";
  return Buffer.from(JSON.stringify({ ...badRow({ ...at, receivedAt, raw }), id }));
};
const store = (pool: pg.Pool, changes: object): Promise<void> =>
  new PostgresSink(pool, EVENT_TABLE).store([Buffer.from(JSON.stringify(anEvent(changes)))]);
const ids = async (table: string): Promise<string[]> =>
  (await restored.query(`SELECT id FROM ${table} ORDER BY id`)).rows.map(({ id }) => id);
const eraseIn = async (userId: string): Promise<void> => {
  const client = await stored.connect();
  await erase(client, { userIds: [userId], anonymousIds: [] }, "me", (erasure) =>
    noteErasure(folder, erasure),
  );
  client.release();
};

const ada = { userId: "ada@example.com", anonymousId: "anon-ada-1" };
const cleo = { userId: "cleo@example.com", anonymousId: null };
const MESSAGE = "5f0c1c52-6d0e-4f0a-9d8e-3b1f0a7c2e11";
const soon = new Date(Date.now() + 60_000).toISOString();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "restorable-"));
  [before, after] = await Promise.all([startPostgres(), startPostgres()]);
  await load(before, put("roles.sql", databaseRolesSql));
  const given = ["worker", "collector", "reader"].map((role) => `ALTER ROLE ${role} PASSWORD 'p';`);
  await load(before, put("passwords.sql", given.join("\n")));
  stored = new pg.Pool({ connectionString: inDatabase(before.url), max: 4 });
  await stored.query(
    "CREATE SCHEMA events; CREATE SCHEMA jobs AUTHORIZATION worker; CREATE SCHEMA profiles AUTHORIZATION worker; CREATE TABLE jobs.job (id text, data jsonb)",
  );
  for (const sql of Object.values(readMigrations(["collector", "worker"]))) {
    await stored.query(sql);
  }

  // Cleo was erased, and came again before the backup was made.
  await store(stored, { ...cleo, id: "c1" });
  await eraseIn("cleo@example.com");
  await store(stored, { ...cleo, id: "c2", occurredAt: soon, receivedAt: soon });
  await store(stored, {
    ...{ ...ada, id: "a1", type: "identify", properties: { email: "ada@example.com" } },
  });
  await store(stored, { userId: null, anonymousId: "anon-ada-1", id: "a2" });
  // For JavaScript there is the end of a line in it.
  await store(stored, { userId: "bob", anonymousId: null, id: "b1", name: "two\u2028lines\\.\r" });
  await followLog(stored);
  await new PostgresSink(stored, BAD_ROW_TABLE).store([
    bad("form", Buffer.from("uid=ada%40example.com&e=x")),
    bad("gzip", gzipSync('{"userId":"ada@example.com",')),
    bad("other", Buffer.from('{"userId":"bob",\n"text":"\\.')),
  ]);
  await stored.query(
    `INSERT INTO jobs.job VALUES ('ada', '{"to": [{"person": "user:ada@example.com"}]}'), ('bob', '{"person": "user:bob"}')`,
  );
  await stored.query(
    `INSERT INTO campaigns.suppression (list, who, reason) VALUES ('bounced', 'user:ada@example.com', 'r'), ('bounced', 'user:bob', 'r');
     INSERT INTO campaigns.sweep (uid, declared, reached) VALUES ('u', 'd', 'user:ada@example.com');
     INSERT INTO campaigns.message (id, uid, campaign, person, variant, step, channel, kind, content)
       VALUES ('${MESSAGE}', 'u', 'c', 'user:ada@example.com', 'v', 's', 'c', 'email', 'c');
     INSERT INTO campaigns.held (campaign, effect) VALUES ('c', '${MESSAGE}');
     INSERT INTO campaigns.feedback (message, kind, at) VALUES ('${MESSAGE}', 'bounced', now());
     INSERT INTO jobs.job VALUES ('letter', '{"message": "${MESSAGE}"}')`,
  );
  // As after five million transactions.
  await stored.query("UPDATE campaigns.feedback_progress SET stored_by = 5000000");
  dump = put("backup.sql", await shell(before, dumpScript({ hold: false })));
  await eraseIn("ada@example.com");

  await load(after, put("to-load.sql", await toLoad(dump)));
  restored = new pg.Pool({ connectionString: inDatabase(after.url), max: 4 });
}, 120_000);

afterAll(async () => {
  await Promise.all([stored.end(), restored.end()]);
  await Promise.all([before.stop(), after.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

test("who was erased after a backup is nowhere once it is loaded; all others are as they were", async () => {
  expect(readFileSync(dump, "utf8")).toContain("ada@example.com");
  expect(await ids("events.event")).toEqual(["b1", "c2"]);
  expect(await ids("events.bad_row")).toEqual(["other"]);
  expect(await ids("jobs.job")).toEqual(["bob"]);
  const { rows: people } = await restored.query(
    "SELECT DISTINCT person FROM profiles.activity ORDER BY 1",
  );
  expect(people.map(({ person }) => person)).toEqual(["user:bob", "user:cleo@example.com"]);
  const { rows: names } = await restored.query("SELECT name FROM events.event WHERE id = 'b1'");
  expect(names).toEqual([{ name: "two\u2028lines\\.\r" }]);
  const { rows: raws } = await restored.query("SELECT raw FROM events.bad_row");
  expect(raws[0].raw.toString()).toBe('{"userId":"bob",\n"text":"\\.');
  const everything = await shell(after, dumpScript({ hold: false }));
  expect(everything).not.toContain("ada@example.com");
  expect(everything).not.toContain("anon-ada-1");
  expect(everything).not.toContain(MESSAGE);
});

test("who was erased stays on a suppression list, where nobody can read who it is", async () => {
  const { rows } = await restored.query(
    `SELECT who = events.erased_name('user:ada@example.com') AS ada, who = 'user:bob' AS bob, reason
     FROM campaigns.suppression ORDER BY reason`,
  );
  expect(rows).toEqual([
    { ada: true, bob: false, reason: "erased since" },
    { ada: false, bob: true, reason: "r" },
  ]);
});

test("what came back of mails is taken from the beginning", async () => {
  const progress = await restored.query("SELECT stored_by FROM campaigns.feedback_progress");
  expect(progress.rows).toEqual([{ stored_by: "0" }]);
});

test("the ledger of what was restored tells of the erasure as before, without an id", async () => {
  const erasures = "SELECT * FROM ledger.change WHERE kind = 'erasure' ORDER BY occurred_at";
  const { rows: told } = await restored.query(erasures);
  const { rows: wasTold } = await stored.query(erasures);
  expect(told.map(({ id, details }) => ({ id, details }))).toEqual(
    wasTold.map(({ id, details }) => ({ id, details })),
  );
  expect(told).toHaveLength(2);
});

test("what of them comes from a spool after that is not stored", async () => {
  await store(restored, { ...ada, id: "a3" });
  await store(restored, { ...ada, id: "a4", occurredAt: soon, receivedAt: soon });
  expect(await ids("events.event")).toEqual(["a4", "b1", "c2"]);
  const texts =
    "SELECT encode(digest, 'hex') AS digest, length, hash FROM events.erased_text ORDER BY 1";
  expect((await restored.query(texts)).rows).toEqual((await stored.query(texts)).rows);
});

test("a database tells which backup it was loaded from", async () => {
  expect((await stored.query(restoredNameSql)).rows).toEqual([{ shobj_description: null }]);
  expect((await restored.query(restoredNameSql)).rows).toEqual([{ shobj_description: "of today" }]);
});

test("nobody but the administrator can log in before the stack has given passwords", async () => {
  const passwords =
    "SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL AND rolname <> 'postgres' ORDER BY 1";
  expect((await stored.query(passwords)).rows).toHaveLength(3);
  expect((await restored.query(passwords)).rows).toEqual([]);
});

test("a dump of before there were erasures, or anything came back of mails, is loaded with them", async () => {
  const old = await startPostgres();
  try {
    // As one that has neither their tables nor any row in them.
    await load(old, put("old.sql", await toLoad(dump)));
    const pool = new pg.Pool({ connectionString: inDatabase(old.url), max: 1 });
    await pool.query(
      `DROP TABLE events.erased_text, events.erased_id, events.erasure_salt, events.deleted_key CASCADE;
       DROP FUNCTION IF EXISTS events.person_digest, events.erased_at, events.erase(text[], bytea[]), events.erase_texts CASCADE;
       DROP TABLE campaigns.feedback_progress; DELETE FROM ledger.change; INSERT INTO jobs.job VALUES ('late', '"ada@example.com"')`,
    );
    await pool.end();
    const path = put("before.sql", await shell(old, dumpScript({ hold: false })));
    await load(old, put("drop.sql", "DROP DATABASE marketing; DROP DATABASE cms;"));
    const text = await toLoad(path);
    // Roles are there.
    const databases = text.slice(text.indexOf("-- PostgreSQL database cluster dump complete"));
    await load(old, put("again.sql", databases));
    const again = new pg.Pool({ connectionString: inDatabase(old.url), max: 1 });
    const { rows } = await again.query("SELECT id FROM jobs.job");
    const { rows: salts } = await again.query("SELECT salt FROM events.erasure_salt");
    expect(rows).toEqual([{ id: "bob" }]);
    expect(salts).toEqual((await stored.query("SELECT salt FROM events.erasure_salt")).rows);
    await again.end();
  } finally {
    await old.stop();
  }
}, 60_000);

test("a database that was restored as it was has nobody of them any more once it is erased again", async () => {
  const cloud = await startPostgres();
  try {
    await load(cloud, dump);
    const client = new pg.Client({ connectionString: inDatabase(cloud.url) });
    await client.connect();
    const noted = await notedErasures(folder);
    const foreign = { ...noted[0]!, salt: "00".repeat(32) };
    await expect(eraseAgain(client, [foreign])).rejects.toThrow(
      "the erasures must have the salt of the database, got 2 different ones",
    );
    expect((await client.query("SELECT FROM events.bad_row")).rowCount).toBe(3);
    expect(await eraseAgain(client, noted)).toBe(2);
    expect(await eraseAgain(client, noted)).toBe(0);
    const { rows } = await client.query("SELECT id FROM events.event ORDER BY id");
    expect(rows).toEqual([{ id: "b1" }, { id: "c2" }]);
    const known = "SELECT id FROM ledger.change WHERE kind = 'erasure' ORDER BY id";
    expect((await client.query(known)).rows).toEqual((await stored.query(known)).rows);
    await client.end();
    const everything = await shell(cloud, dumpScript({ hold: false }));
    expect(everything).toContain("user:bob");
    expect(everything).not.toContain("ada@example.com");
    expect(everything).not.toContain("anon-ada-1");
  } finally {
    await cloud.stop();
  }
}, 60_000);

test("fails on a dump that is not whole, and on erasures of another database", async () => {
  const whole = readFileSync(dump, "utf8");
  const cut = put("cut.sql", whole.slice(0, -"COMMIT;\n".length));
  await expect(toLoad(cut)).rejects.toThrow(
    `${cut} must be a whole backup by npm run backup, got one that ends with "UPDATE profiles.progress`,
  );
  const [erasure] = await notedErasures(folder);
  const one = { ...erasure!, salt: "00".repeat(32) };
  await expect(toLoad(dump, [one])).rejects.toThrow(
    "must have the salt of the database that was dumped, got another one",
  );
  await expect(toLoad(dump, [erasure!, one])).rejects.toThrow("got 2 different ones");
});

test("a database tells its erasures as they were noted, and so does one that was restored", async () => {
  const noted = await notedErasures(folder);
  const sorted = (erasures: readonly NotedErasure[]): object[] =>
    erasures.map(({ erasedAt: _at, ...rest }) => ({
      ...rest,
      people: [...rest.people].sort(),
      texts: [...rest.texts].sort((a, b) => a.digest.localeCompare(b.digest)),
    }));
  for (const [database, pool] of [
    [before, stored],
    [after, restored],
  ] as const) {
    const told = await shell(
      database,
      `${BIN}/psql --no-psqlrc --dbname=marketing --tuples-only --no-align --command="${knownErasuresSql}"`,
    );
    const rows = told.split("\n").filter(Boolean);
    expect(sorted(withKnown([], rows))).toEqual(sorted(noted));
    expect(withKnown(noted, rows)).toEqual(noted);
    expect(withKnown([noted[1]!], rows).map(({ id }) => id)).toEqual([noted[1]!.id, noted[0]!.id]);
    // What is told is as good as what was noted.
    expect(await toLoad(dump, [...withKnown([], rows)])).not.toContain("uid=ada%40example.com");
    const { rows: count } = await pool.query("SELECT count(*)::int FROM events.erased_id");
    expect(count).toEqual([{ count: noted.flatMap(({ people }) => people).length }]);
  }
});
