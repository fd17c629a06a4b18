import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { tailEvents, type TailOptions } from "../../../commands/events/tail.ts";
import { waitFor } from "../../../local/wait.ts";
import { EVENT_TABLE, PostgresSink } from "../../../services/collector/postgres-sink.ts";
import {
  startMarketingDatabase,
  type MarketingDatabase,
} from "../../services/collector/marketing-database.ts";
import { anEvent } from "../../services/contract/an-event.ts";

let database: MarketingDatabase;
let pool: pg.Pool;
let sink: PostgresSink;
let client: pg.Client;

beforeAll(async () => {
  database = await startMarketingDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
  sink = new PostgresSink(pool, EVENT_TABLE);
  client = new pg.Client({ connectionString: database.url.replace("//collector@", "//reader@") });
  await client.connect();
}, 60_000);

beforeEach(() => database.admin.query("TRUNCATE events.event"));

afterAll(async () => {
  await client.end();
  await pool.end();
  await database.stop();
});

const store = (...changes: object[]): Promise<void> =>
  sink.store(changes.map((change) => Buffer.from(JSON.stringify(anEvent(change)))));

/** Lines shown of what is stored by `work`, up to the one with this name, at which the reader stops. */
async function linesOf(
  options: Partial<TailOptions>,
  work: () => Promise<void>,
  last = "last",
): Promise<string[]> {
  const stop = new AbortController();
  const lines: string[] = [];
  // Asked for where to begin before anything else on this connection: then what comes later is shown.
  const tail = tailEvents(
    client,
    { json: false, ...options },
    (line) => {
      lines.push(line);
      if (line.includes(last)) stop.abort();
      return Promise.resolve();
    },
    stop.signal,
  );
  await client.query("SELECT");
  await work();
  await tail;
  return lines;
}

test("what was stored before is not shown, what comes later is, a line each", async () => {
  await store({ id: "before" });
  const lines = await linesOf({}, async () => {
    await store({ id: "1" });
    await store(
      { id: "2", type: "page", name: null, userId: null, consent: [] },
      { id: "3", source: "app", name: "last", userId: null, anonymousId: null },
    );
  });
  expect(lines).toEqual([
    '2026-01-01T00:00:01.000Z  website  segment  track  "Order Completed"  "user-1"  ' +
      anEvent().consent.join(","),
    '2026-01-01T00:00:01.000Z  app  segment  track  "last"  -  ' + anEvent().consent.join(","),
    '2026-01-01T00:00:01.000Z  website  segment  page  -  "anon-1"  no consent',
  ]);
});

test("an event of a transaction that commits late is not missed", async () => {
  const late = await database.admin.connect();
  await late.query("BEGIN");
  await late.query("SELECT pg_current_xact_id()");
  await late.query(
    `INSERT INTO events.event (source, id, type, name, occurred_at, received_at, context, properties, consent)
     VALUES ('website', 'late', 'track', 'late', now(), now(), '{}', '{}', '{}')`,
  );
  const lines = await linesOf({}, async () => {
    await store({ name: "last" });
    await late.query("COMMIT");
  });
  late.release();
  expect(lines.map((line) => line.includes("late"))).toEqual([true, false]);
});

test("filters choose by source and name, and JSON is the event of the contract", async () => {
  const wanted = anEvent({ id: "2", source: "app", name: "it's last" });
  const lines = await linesOf({ source: "app", name: "it's last", json: true }, () =>
    store({ id: "1", source: "app" }, { id: "3", name: "it's last" }, wanted),
  );
  expect(lines.map((line) => JSON.parse(line))).toEqual([wanted]);
});

test("more than a page is shown whole and in order", async () => {
  const lines = await linesOf({ json: true }, () =>
    store(
      ...Array.from({ length: 1_200 }, (_, index) => ({ id: String(index).padStart(4, "0") })),
      { id: "9999", name: "last" },
    ),
  );
  expect(lines.map((line) => JSON.parse(line).id)).toEqual([
    ...Array.from({ length: 1_200 }, (_, index) => String(index).padStart(4, "0")),
    "9999",
  ]);
});

test("what a sender wrote is no order to the terminal", async () => {
  const name = "\u001b[2J\u009b2J\u202e last";
  const [line] = await linesOf({}, () => store({ name }));
  expect(line).toContain('"\\u001b[2J\\u009b2J\\u202e last"');
  const [json] = await linesOf({ json: true }, () => store({ id: "2", name }));
  expect(["\u001b", "\u009b", "\u202e"].some((character) => json!.includes(character))).toBe(false);
  expect(JSON.parse(json!).name).toBe(name);
});

/** `events -- tail` in a process of its own, as words of a command line. */
const tailCommand = (): [string, ...string[]] => [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  join(__dirname, "tail-process.ts"),
  database.url.replace("//collector@", "//reader@"),
];

/** All that a process writes until it has ended, and how it ended. */
async function outcomeOf(child: ChildProcess) {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, "exit"),
  ]);
  return { code, stdout, stderr };
}

/** Stores events, one after the other, until `done`. */
async function storeUntil(done: Promise<unknown>): Promise<void> {
  const end = new AbortController();
  void done.finally(() => end.abort());
  for (let index = 0; !end.signal.aborted; index++) await store({ id: `stored-${index}` });
}

test("it ends with 0 and says nothing when its reader has had enough", async () => {
  const script = '"$@" | head -1; exit ${PIPESTATUS[0]}';
  const outcome = outcomeOf(spawn("bash", ["-c", script, "bash", ...tailCommand()]));
  await storeUntil(outcome);
  expect(await outcome).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\{.*"stored-\d+".*\}\n$/),
    stderr: "",
  });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "it ends with 0 and a whole line on %s",
  async (signal) => {
    const [node, ...args] = tailCommand();
    const child = spawn(node, args);
    child.stdout.once("data", () => child.kill(signal));
    const outcome = outcomeOf(child);
    await storeUntil(outcome);
    expect(await outcome).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^(\{.*"stored-\d+".*\}\n)+$/),
      stderr: "",
    });
  },
);

test("fails with one line when the database ends its connection", async () => {
  const [node, ...args] = tailCommand();
  const outcome = outcomeOf(spawn(node, args));
  const { rows } = await client.query<{ own: number }>("SELECT pg_backend_pid() AS own");
  await waitFor("the process to look for events", 30, async () => {
    const { rowCount } = await database.admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE usename = 'reader' AND pid <> $1 AND state = 'idle' AND query = 'COMMIT'`,
      [rows[0]!.own],
    );
    return rowCount === 1;
  });
  expect(await outcome).toEqual({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^error: .*connection.*\n$/),
  });
});
