import pg from "pg";
import { waitFor } from "../../../local/wait.ts";
import { Registry } from "prom-client";
import { EVENT_TABLE, PostgresSink } from "../../../services/collector/postgres-sink.ts";
import { addRetentionMetrics, readExpiry } from "../../../services/worker/retention-metrics.ts";
import { expireSome } from "../../../services/worker/retention.ts";
import { anEvent } from "../contract/an-event.ts";
import { workerDatabase } from "./worker-database.ts";

const database = workerDatabase();
beforeEach(() =>
  database.admin.query(
    `TRUNCATE events.event, events.bad_row, events.replay, events.expired, events.deleted_key, ledger.change;
     UPDATE events.expiry SET days = '{}', next_page = 0, deleted = '{}', is_running = false, ended_at = null`,
  ),
);

/** Puts events of `source` into the log, stored so many days ago; their ids are `<source>-<days>-<number>`. */
async function stored(source: string, daysAgo: number, count = 1): Promise<void> {
  await database.admin.query(
    `INSERT INTO events.event (source, id, type, occurred_at, received_at, context, properties, consent, stored_at)
     SELECT $1, $1 || '-' || $2 || '-' || n, 'track', now(), now(), '{}', '{}', '{}', now() - make_interval(days => $2::int)
     FROM generate_series(1, $3::int) AS n`,
    [source, daysAgo, count],
  );
}

async function storedBad(source: string, daysAgo: number): Promise<void> {
  await database.admin.query(
    `INSERT INTO events.bad_row (id, source, dialect, path, reason, received_at, raw, stored_at)
     VALUES ($1 || '-' || $2, $1, '', '', '', now(), '', now() - make_interval(days => $2::int))`,
    [source, daysAgo],
  );
}

async function ids(table: string): Promise<string[]> {
  const { rows } = await database.admin.query(`SELECT id FROM events.${table} ORDER BY id`);
  return rows.map(({ id }) => id);
}

/** Steps until there is nothing more to do; returns how many there were. */
async function expireAll(days: Record<string, number>, pages?: number): Promise<number> {
  let steps = 0;
  while (await expireSome(database.pool, days, pages)) steps += 1;
  return steps;
}

test("what is older than its source is kept is deleted, and of other sources nothing", async () => {
  for (const source of ["website", "app", "shop"]) {
    for (const days of [6, 8, 31]) await stored(source, days);
  }
  await expireAll({ website: 7, app: 30 });
  expect(await ids("event")).toEqual([
    "app-6-1",
    "app-8-1",
    "shop-31-1",
    "shop-6-1",
    "shop-8-1",
    "website-6-1",
  ]);
});

test("bad rows go with their source, those of no known source with the shortest, and what is noted of their replay", async () => {
  for (const source of ["website", "app", "shop", ""]) {
    for (const days of [6, 8]) await storedBad(source, days);
  }
  await database.admin.query(
    `INSERT INTO events.replay (bad_row, mapping, keys, stored) VALUES ('website-8', 'm', '[]', 0), ('app-8', 'm', '[]', 0)`,
  );
  await expireAll({ website: 7, app: 30 });
  expect(await ids("bad_row")).toEqual(["-6", "app-6", "app-8", "shop-6", "shop-8", "website-6"]);
  const { rows } = await database.admin.query("SELECT bad_row FROM events.replay");
  expect(rows).toEqual([{ bad_row: "app-8" }]);
});

test("a pass is many short steps, and goes on where a worker was killed", async () => {
  await stored("website", 8, 3_000);
  await stored("website", 1, 10);
  const killed = await database.pool.connect();
  // Bad rows are first.
  await expireSome(database.pool, { website: 7 }, 5);
  await expireSome(database.pool, { website: 7 }, 5);
  const left = (await ids("event")).length;
  expect(left).toBeGreaterThan(10);
  expect(left).toBeLessThan(3_010);
  await killed.query("BEGIN");
  await killed.query(`SELECT events.expire('{"website":7}', now(), 5)`);
  const { rows: session } = await killed.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  killed.release(true);
  await waitFor("the end of the killed worker's session", 30, async () => {
    const text = "SELECT FROM pg_stat_activity WHERE pid = $1";
    return (await database.admin.query(text, [session[0]!.pid])).rowCount === 0 || undefined;
  });
  expect(await expireAll({ website: 7 }, 5)).toBeGreaterThan(5);
  expect(await ids("event")).toHaveLength(10);
  const { rows } = await database.admin.query("SELECT subject, details FROM ledger.change");
  expect(rows).toEqual([
    { subject: "events.event", details: { days: { website: 7 }, deleted: { website: 3_000 } } },
  ]);
});

test("one worker at a time deletes, and the collector stores meanwhile", async () => {
  await stored("website", 8, 100);
  await expireSome(database.pool, { website: 7 });
  const other = await database.pool.connect();
  await other.query("BEGIN");
  await other.query(`SELECT events.expire('{"website":7}', now(), 512)`);
  const isMore = await expireSome(database.pool, { website: 7 });
  const collector = new pg.Pool({
    connectionString: database.url.replace("//worker@", "//collector@"),
  });
  await new PostgresSink(collector, EVENT_TABLE).store([
    Buffer.from(JSON.stringify(anEvent({ id: "new" }))),
  ]);
  await collector.end();
  await other.query("COMMIT");
  other.release();
  expect(isMore).toBe(false);
  expect(await ids("event")).toEqual(["new"]);
});

test("after a pass nothing is looked at for six hours, unless days are others", async () => {
  await stored("website", 8);
  expect(await expireAll({ website: 30 })).toBe(2);
  expect(await expireAll({ website: 30 })).toBe(0);
  expect(await expireAll({ website: 7 })).toBe(2);
  expect(await ids("event")).toEqual([]);
  await stored("website", 9);
  await database.admin.query("UPDATE events.expiry SET ended_at = ended_at - interval '7 hours'");
  expect(await expireAll({ website: 7 })).toBe(2);
  expect(await ids("event")).toEqual([]);
});

test("where everything is kept a pass ends too", async () => {
  await stored("website", 8, 3_000);
  expect(await expireAll({}, 5)).toBeGreaterThan(5);
  expect(await ids("event")).toHaveLength(3_000);
});

test("two releases with other days side by side get through, once each, and then rest", async () => {
  await stored("website", 20, 3_000);
  await stored("website", 10, 10);
  await stored("website", 1, 10);
  const [former, next] = [{ website: 30 }, { website: 14 }];
  await expireAll(former);
  let steps = 0;
  for (let idle = 0; idle < 2 && steps < 300; steps += 1) {
    const isMore = await expireSome(database.pool, steps % 2 === 0 ? next : former, 5);
    idle = isMore ? 0 : idle + 1;
  }
  expect(steps).toBeLessThan(300);
  // What the former still kept went as soon as it ran no more.
  await database.admin.query("UPDATE events.expiry SET ended_at = ended_at - interval '7 hours'");
  await expireAll(next, 5);
  expect((await ids("event")).filter((id) => id.startsWith("website-20"))).toEqual([]);
  expect(await ids("event")).toHaveLength(20);
});

test("an event that was deleted within 30 days is not stored again", async () => {
  await stored("website", 8);
  await expireAll({ website: 7 });
  const collector = new pg.Pool({
    connectionString: database.url.replace("//worker@", "//collector@"),
  });
  await new PostgresSink(collector, EVENT_TABLE).store([
    Buffer.from(JSON.stringify(anEvent({ id: "website-8-1" }))),
  ]);
  await collector.end();
  expect(await ids("event")).toEqual([]);
});

test("a clock that is ahead, the worker's or the database's, deletes nothing early", async () => {
  await stored("website", 6);
  await expireSome(database.pool, { website: 7 });
  const inAYear = new Date(Date.now() + 365 * 86_400_000);
  const aYearAgo = new Date(Date.now() - 365 * 86_400_000);
  for (const at of [inAYear, aYearAgo]) {
    await database.admin.query("UPDATE events.expiry SET is_running = (name = 'events.event')");
    const { rows } = await database.pool.query(
      `SELECT events.expire('{"website":7}', $1, 512) AS step`,
      [at],
    );
    expect(rows).toEqual([{ step: { table: "events.event", deleted: {} } }]);
  }
  expect(await ids("event")).toEqual(["website-6-1"]);
});

test("fails on days that would delete what has just come, and for who is not the worker", async () => {
  await expect(expireSome(database.pool, { website: 0 })).rejects.toThrow(
    'days must be at least 1, got {"website": 0}',
  );
  const reader = new pg.Pool({
    connectionString: database.url.replace("//worker@", "//collector@"),
  });
  await expect(reader.query(`SELECT events.expire('{}', now(), 1)`)).rejects.toThrow(
    "permission denied for function expire",
  );
  await reader.end();
});

test("what was deleted, and when the last pass ended, are metrics that outlive the worker", async () => {
  await stored("website", 8, 3);
  await storedBad("website", 8);
  await expireAll({ website: 7 });
  await stored("website", 8, 2);
  await expireAll({ website: 6 });
  const registry = new Registry();
  addRetentionMetrics(registry, () => readExpiry(database.pool));
  const text = await registry.metrics();
  expect(text).toContain('retention_deleted_rows{table="events.event",source="website"} 5');
  expect(text).toContain('retention_deleted_rows{table="events.bad_row",source="website"} 1');
  expect(text).toMatch(/retention_pass_age_seconds\{table="events.event"\} \d/);
});
