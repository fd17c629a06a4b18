import pg from "pg";

import { waitFor } from "../../../local/wait.ts";
import { EVENT_TABLE, PostgresSink } from "../../../services/collector/postgres-sink.ts";
import { PublishedLog } from "../../../services/collector/published-log.ts";
import { PubSubSink } from "../../../services/collector/pubsub-sink.ts";
import { UnstorableRows } from "../../../services/collector/sink.ts";
import { discrepancies } from "../../faults/collector/checker.ts";
import { eachInASetting } from "../../faults/collector/setting.ts";
import { anEvent } from "../contract/an-event.ts";
import { REFUSALS, startPubSubServer } from "./pubsub-server.ts";
import type { PublishedMessage, PubSubServer } from "./pubsub-server.ts";

const TOPIC = "projects/marketing/topics/events";
const setting = eachInASetting();
jest.setTimeout(180_000);

let server: PubSubServer;
let pool: pg.Pool;
let sink: PubSubSink;
let log: PublishedLog;
beforeEach(async () => {
  server = await startPubSubServer([TOPIC]);
  process.env.PUBSUB_EMULATOR_HOST = server.address;
  pool = new pg.Pool({ connectionString: setting().database.url, max: 1 });
  sink = new PubSubSink(TOPIC);
  log = new PublishedLog(new PostgresSink(pool, EVENT_TABLE), sink);
});
afterEach(async () => {
  delete process.env.PUBSUB_EMULATOR_HOST;
  await sink.close();
  await pool.end();
  await server.stop();
});

const row = (changes: object = {}): Buffer => Buffer.from(JSON.stringify(anEvent(changes)));
const keys = (messages: readonly PublishedMessage[]): string[] =>
  [...new Set(messages.map(({ attributes: { source, id } }) => `${source} ${id}`))].sort();

/** Keys of the events in the log. */
async function logged(): Promise<string[]> {
  const { rows } = await setting().database.admin.query("SELECT source, id FROM events.event");
  return rows.map(({ source, id }) => `${source} ${id}`).sort();
}

test("an event is published as its JSON, with source and id as attributes", async () => {
  await log.store([row()]);
  expect(await server.messages()).toEqual([
    {
      topic: TOPIC,
      data: row().toString(),
      attributes: { source: "website", id: "message-1" },
    },
  ]);
  expect(await logged()).toEqual(["website message-1"]);
});

test("what is sent again is not published again, nor what the log does not keep", async () => {
  const { admin } = setting().database;
  await log.store([row(), row({ receivedAt: "2026-01-01T00:00:09.000Z" }), row({ id: "2" })]);
  await log.store([row({ receivedAt: "2026-01-02T00:00:00.000Z" })]);
  await admin.query("DELETE FROM events.event WHERE id = '2'");
  await log.store([row({ id: "2" }), row({ id: "3" })]);
  const messages = await server.messages();
  expect(messages.map(({ attributes }) => attributes.id).sort()).toEqual(["2", "3", "message-1"]);
  expect(keys(messages).filter((key) => key !== "website 2")).toEqual(await logged());
});

test("what the log has since a try that failed is published by the next, beside what the log does not keep", async () => {
  const { admin } = setting().database;
  await log.store([row({ id: "deleted" })]);
  await admin.query("DELETE FROM events.event WHERE id = 'deleted'");
  const before = (await server.messages()).length;
  await server.refuse(REFUSALS.permissionDenied);
  const rows = [row({ id: "deleted" }), row(), row({ receivedAt: "2026-01-02T00:00:00.000Z" })];
  await expect(log.store(rows)).rejects.toThrow(/PERMISSION_DENIED/);
  await server.refuse(undefined);
  await log.store(rows);
  const messages = (await server.messages()).slice(before);
  expect(messages.map(({ data }) => data)).toEqual([rows[1]!.toString()]);
});

test("2,500 events at once are published in requests that Pub/Sub takes", async () => {
  const rows = Array.from({ length: 2_500 }, (_, index) => row({ id: `${index}` }));
  await log.store(rows);
  const messages = await server.messages();
  expect(messages.map(({ data }) => data).sort()).toEqual(rows.map(String).sort());
});

test("fails on an event larger than a message may be, before anything is published", async () => {
  const large = row({ id: "large", properties: { text: "x".repeat(10 * 1024 * 1024) } });
  const stored = sink.store([row(), large]);
  await expect(stored).rejects.toThrow(UnstorableRows);
  await expect(stored).rejects.toThrow(/at most 9437184 bytes/);
  expect(await server.messages()).toEqual([]);
});

test("what Pub/Sub refuses stays in the spool, and is published when it takes it", async () => {
  await server.refuse(REFUSALS.permissionDenied);
  await expect(log.store([row()])).rejects.toThrow(/PERMISSION_DENIED/);
  expect(log.isHealthy()).toBe(false);

  const { startReady, url } = setting();
  const collector = await startReady({
    EVENT_TOPIC: TOPIC,
    PUBSUB_EMULATOR_HOST: server.address,
  });
  const send = { writeKey: "WRITE_KEY", event: "Signup", userId: "user-1", messageId: "waits" };
  await fetch(`${url}/v1/t`, { method: "POST", body: JSON.stringify(send) });
  await waitFor("the refusal", 60, async () =>
    collector.output().includes("PERMISSION_DENIED") ? true : undefined,
  );
  expect(await server.messages()).toEqual([]);
  await server.refuse(undefined);
  const [message] = await waitFor("the message", 60, async () => {
    const messages = await server.messages();
    return messages.length > 0 ? messages : undefined;
  });
  expect(message!.attributes.id).toBe("waits");
});

test("the client itself repeats what may work later, and the drain goes on after that", async () => {
  await server.refuse(REFUSALS.unavailable);
  const stored = log.store([row()]);
  await waitFor("the event in the log", 30, async () =>
    (await logged()).length > 0 ? true : undefined,
  );
  expect(await server.messages()).toEqual([]);
  await server.refuse(undefined);
  await stored;
  expect(keys(await server.messages())).toEqual(["website message-1"]);
});

test("a collector killed at random points, and a Pub/Sub that goes away, lose nothing in log and stream", async () => {
  const { database, random, send, start, startReady } = setting();
  const environment = { EVENT_TOPIC: TOPIC, PUBSUB_EMULATOR_HOST: server.address };
  let collector = await startReady(environment);
  const clients = send(8);
  for (let kill = 0; kill < 3; kill += 1) {
    await clients.progress(10 + Math.floor(200 * random()));
    if (kill % 2 === 1) await server.refuse(REFUSALS.unavailable);
    await clients.progress(50);
    await collector.end("SIGKILL");
    collector = start(environment);
    await server.refuse(undefined);
  }
  await clients.stop();
  expect(await discrepancies(clients, database.admin)).toEqual([]);
  const expected = await logged();
  expect(expected.length).toBeGreaterThan(0);
  await waitFor("all of the log in the stream", 60, async () =>
    keys(await server.messages()).length === expected.length ? true : undefined,
  );
  const messages = await server.messages();
  expect(keys(messages)).toEqual(expected);
  // Published twice is byte for byte the same, so readers may take any.
  expect(new Set(messages.map(({ data }) => data)).size).toBe(expected.length);
});
