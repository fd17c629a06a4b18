import pg from "pg";

import { freePort } from "../../../local/free-port.ts";
import { EVENT_TABLE, PostgresSink } from "../../../services/collector/postgres-sink.ts";
import { discrepancies } from "../../faults/collector/checker.ts";
import { eachInASetting } from "../../faults/collector/setting.ts";
import { anEvent } from "../contract/an-event.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const setting = eachInASetting();
jest.setTimeout(120_000);

let pool: pg.Pool;
beforeEach(() => {
  pool = new pg.Pool({ connectionString: setting().database.url, max: 1 });
});
afterEach(() => pool.end());

/** Stores an event of this id, as the collector does; returns the ids that are stored then. */
async function store(id: string): Promise<string[]> {
  const row = Buffer.from(JSON.stringify(anEvent({ id })));
  await new PostgresSink(pool, EVENT_TABLE).store([row]);
  const { rows } = await setting().database.admin.query("SELECT id FROM events.event ORDER BY id");
  return rows.map((found) => found.id);
}

test("what was sent to one pod and again to another is stored once", async () => {
  const { database, random, send, startReady, url } = setting();
  const PORT = String(await freePort());
  await startReady();
  await startReady({ PORT, SPOOL_DIR: temporaryFolder() });
  const clients = send(8, () => (random() < 0.5 ? url : `http://127.0.0.1:${PORT}`));
  await clients.progress(1_000);
  await clients.stop();
  expect(await discrepancies(clients, database.admin)).toEqual([]);
});

test("an event that was deleted is not stored again for 30 days after it was stored", async () => {
  const { admin } = setting().database;
  expect(await store("1")).toEqual(["1"]);
  expect(await store("2")).toEqual(["1", "2"]);
  await admin.query("DELETE FROM events.event WHERE id = '1'");
  expect(await store("1")).toEqual(["2"]);

  await admin.query("UPDATE events.deleted_key SET stored_at = stored_at - interval '30 days'");
  await admin.query("DELETE FROM events.event WHERE id = '2'");
  expect(await store("1")).toEqual(["1"]);
  expect(await store("2")).toEqual(["1"]);
});

test("an event older than 30 days leaves no key when it is deleted", async () => {
  const { admin } = setting().database;
  await store("3");
  await admin.query("UPDATE events.event SET stored_at = stored_at - interval '30 days'");
  await admin.query("DELETE FROM events.event");
  expect(await store("3")).toEqual(["3"]);
});

test("a deleted event's key shows neither its source nor its id", async () => {
  const { admin } = setting().database;
  await store("person@example.com");
  await admin.query("DELETE FROM events.event");
  const { rows } = await admin.query("SELECT deleted_key::text AS key FROM events.deleted_key");
  expect(rows.map(({ key }) => key).join()).not.toMatch(/person|website/);
});
