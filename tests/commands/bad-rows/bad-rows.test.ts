import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { badRowGroups, groupsText } from "../../../commands/bad-rows/list.ts";
import {
  readMappings,
  requireCommitted,
  type Mapping,
} from "../../../commands/bad-rows/mapping.ts";
import { replayBadRows } from "../../../commands/bad-rows/replay.ts";
import { showBadRow } from "../../../commands/bad-rows/show.ts";
import { drainOnce } from "../../../services/collector/drain.ts";
import {
  BAD_ROW_TABLE,
  EVENT_TABLE,
  PostgresSink,
  REFUSAL_TABLE,
} from "../../../services/collector/postgres-sink.ts";
import { openApp } from "../../services/collector/open-app.ts";
import { startWorkerDatabase, type WorkerDatabase } from "../../services/worker/worker-database.ts";

let database: WorkerDatabase;
let url: string;
let client: pg.Client;
let pool: pg.Pool;
let folder: string;

beforeAll(async () => {
  database = await startWorkerDatabase();
  url = database.url.replace("//worker@", "//collector@");
  client = new pg.Client({ connectionString: url });
  await client.connect();
  pool = new pg.Pool({ connectionString: url, max: 1 });
  folder = mkdtempSync(join(tmpdir(), "mappings-"));
}, 60_000);

beforeEach(() => database.admin.query("TRUNCATE events.event, events.bad_row, events.replay"));

afterAll(async () => {
  await pool.end();
  await client.end();
  await database.stop();
  rmSync(folder, { recursive: true });
});

/** Sends a batch of Segment's, and drains what came of it. */
async function send(path: string, body: unknown): Promise<void> {
  const { post, spool } = await openApp();
  await post(path, body);
  await drainOnce({
    spool,
    good: new PostgresSink(pool, EVENT_TABLE),
    bad: new PostgresSink(pool, BAD_ROW_TABLE),
    refusals: new PostgresSink(pool, REFUSAL_TABLE),
    onTrouble: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  await spool.close();
}

function mapping(name: string, content: string): Mapping {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, content);
  return readMappings([path])[0]!;
}

const events = async (): Promise<Record<string, unknown>[]> =>
  (
    await client.query(
      "SELECT source, id, name, consent, received_at FROM events.event ORDER BY id",
    )
  ).rows;

const context = {
  consent: { categoryPreferences: { analytics: true, advertising: true, email: true } },
};
const numericName = (messageId: string): object => ({
  ...{ type: "track", userId: "user-1", messageId, context },
  event: 42,
});

const TO_TEXT = `dialect: segment
cause: event must be the name of what happened
event: '$ ~> |$|{"event": $string(event)}|'
`;

test("bad rows are grouped by cause, and one of each is named", async () => {
  await send("/v1/batch", {
    batch: [numericName("m1"), numericName("m2"), { type: "track", event: "e" }],
  });
  await send("/v1/batch", "{");
  const groups = await badRowGroups(client);
  expect(groups.map(({ cause, rows }) => [cause, rows])).toEqual([
    ["event must be the name of what happened", 2],
    ["body must be JSON", 1],
    ["userId or anonymousId must be given", 1],
  ]);
  const shown = await showBadRow(client, groups[0]!.example!);
  expect(JSON.parse(shown.raw)).toMatchObject({ event: 42 });
  expect(shown.replay).toBeUndefined();
  expect(groupsText(groups)).toContain(
    "      2  website segment /v1/batch: event must be the name of what happened\n",
  );
});

test("a mapping makes the event that should have been sent, under its own key and time", async () => {
  await send("/v1/batch", { batch: [numericName("m1")] });
  const [before] = (await client.query("SELECT id, received_at FROM events.bad_row")).rows;
  const reports = await replayBadRows(client, [mapping("numeric", TO_TEXT)], false);
  expect(reports).toEqual([
    {
      ...{ mapping: expect.stringMatching(/^numeric@[0-9a-f]{12}$/), replayed: 1, dropped: 0 },
      ...{ events: 1, stored: 1, stillBad: {} },
    },
  ]);
  expect(await events()).toEqual([
    {
      ...{ source: "website", id: "m1", name: "42", received_at: before.received_at },
      // Whether a header denied it is not known any more.
      consent: ["analytics", "email"],
    },
  ]);
  expect((await showBadRow(client, before.id)).replay).toMatchObject({
    ...{ mapping: reports[0]!.mapping, keys: [{ source: "website", id: "m1" }], stored: 1 },
  });
  expect((await badRowGroups(client))[0]).toMatchObject({ rows: 1, replayed: 1, stored: 1 });
});

test("an id that is a long integer keeps its digits", async () => {
  const raw = Buffer.from('{"userId":7346244611012968789,"event":42}');
  expect(await mapping("numeric", TO_TEXT).apply(raw)).toEqual({
    userId: "7346244611012968789",
    event: "42",
  });
});

test("a row is replayed once, by whichever mapping comes first", async () => {
  await send("/v1/batch", { batch: [numericName("m1")] });
  await replayBadRows(client, [mapping("numeric", TO_TEXT)], false);
  const again = await replayBadRows(client, [mapping("other", TO_TEXT)], false);
  expect(again[0]).toMatchObject({ replayed: 0, events: 0, stored: 0 });
  expect(await events()).toHaveLength(1);
});

test("what was sent rightly meanwhile is not stored twice", async () => {
  await send("/v1/batch", { batch: [numericName("m1")] });
  await send("/v1/batch", { batch: [{ ...numericName("m1"), event: "42" }] });
  const [report] = await replayBadRows(client, [mapping("numeric", TO_TEXT)], false);
  expect(report).toMatchObject({ replayed: 1, events: 1, stored: 0 });
  expect(await events()).toHaveLength(1);
});

test("a body that was no JSON is repaired as text, each of its events by its key", async () => {
  const body = JSON.stringify({ batch: [numericName("m1"), numericName("m2")] });
  await send("/v1/batch", body.replaceAll("42}", '"42",}'));
  const commas = mapping(
    "commas",
    `dialect: segment\ncause: body must be JSON\nevent: '$replace($, ",}", "}")'\n`,
  );
  const [report] = await replayBadRows(client, [commas], false);
  expect(report).toMatchObject({ replayed: 1, events: 2, stored: 2 });
  expect((await events()).map(({ id }) => id)).toEqual(["m1", "m2"]);
});

test("null drops a row; what is bad still stays and can be replayed later", async () => {
  await send("/v1/batch", { batch: [numericName("m1"), numericName("m2")] });
  const partly = mapping(
    "partly",
    `dialect: segment\ncause: event must be the name of what happened\nevent: 'messageId = "m1" ? null : $'\n`,
  );
  const [report] = await replayBadRows(client, [partly], false);
  expect(report).toMatchObject({ replayed: 1, dropped: 1, events: 0 });
  expect(Object.values(report!.stillBad)).toEqual([1]);
  const [later] = await replayBadRows(client, [mapping("numeric", TO_TEXT)], false);
  expect(later).toMatchObject({ replayed: 1, stored: 1 });
});

test("a dry run changes nothing", async () => {
  await send("/v1/batch", { batch: [numericName("m1")] });
  const [report] = await replayBadRows(client, [mapping("numeric", TO_TEXT)], true);
  expect(report).toMatchObject({ replayed: 1, events: 1, stored: 0 });
  expect(await events()).toEqual([]);
  expect((await client.query("SELECT FROM events.replay")).rowCount).toBe(0);
});

test("each row is replayed once, also if the command is killed and run again twice at a time", async () => {
  const ids = Array.from({ length: 300 }, (_, index) => `m${String(index).padStart(3, "0")}`);
  await send("/v1/batch", { batch: ids.map(numericName) });
  const { path } = mapping("numeric", TO_TEXT);
  const replayed = async (): Promise<number> =>
    (await client.query("SELECT FROM events.replay")).rowCount!;
  const start = () =>
    spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", join(__dirname, "replay-process.ts"), url, path],
      { stdio: ["ignore", "inherit", "inherit"] },
    );
  const killed = start();
  const ended = once(killed, "exit");
  while ((await replayed()) === 0) await new Promise((next) => setImmediate(next));
  killed.kill("SIGKILL");
  await ended;
  expect(await replayed()).toBeLessThan(300);
  // Two at the same time, to the end.
  expect(
    await Promise.all([start(), start()].map(async (child) => (await once(child, "exit"))[0])),
  ).toEqual([0, 0]);
  expect((await events()).map(({ id }) => id)).toEqual(ids);
  const { rows } = await client.query(
    "SELECT count(*)::int AS rows, sum(stored)::int AS stored FROM events.replay",
  );
  expect(rows).toEqual([{ rows: 300, stored: 300 }]);
}, 300_000);

test("fails on wrong mappings, naming all mistakes of all of them", () => {
  const path = join(folder, "wrong.yaml");
  writeFileSync(path, "cause: ''\nsource: 1\nevent: '$ ~> |'\nwhat: is this\n");
  expect(() => readMappings([path])).toThrow(
    [
      'fields must be of dialect, cause, source, event, got "what"',
      "dialect must be a text, got nothing",
      'cause must be a text, got ""',
      "source must be a text, got 1",
      'event must be a JSONata expression (Expected "|" before end of expression at 6), got "$ ~> |"',
    ]
      .map((problem) => `${path}: ${problem}`)
      .join("\n"),
  );
});

test("fails to replay by a mapping that Git does not have as it is", () => {
  const clone = mkdtempSync(join(tmpdir(), "clone-"));
  const path = join(clone, "new.yaml");
  writeFileSync(path, TO_TEXT);
  execFileSync("git", ["init", "--quiet"], { cwd: clone });
  const before = process.cwd();
  process.chdir(clone);
  try {
    expect(() => requireCommitted(readMappings(["new.yaml"]))).toThrow(
      'mappings must be committed before rows are replayed, got "?? new.yaml"; commit them, or look with --dry-run',
    );
  } finally {
    process.chdir(before);
    rmSync(clone, { recursive: true });
  }
});
