import pg from "pg";

import { badRow } from "../../../services/collector/bad-row.ts";
import { BadRowSink } from "../../../services/collector/bad-row-sink.ts";
import { startMarketingDatabase } from "./marketing-database.ts";
import type { MarketingDatabase } from "./marketing-database.ts";

let database: MarketingDatabase;
let pool: pg.Pool;
let goOn = (): void => undefined;

beforeAll(async () => {
  database = await startMarketingDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
  pool.on("error", () => undefined);
}, 60_000);

function thaw(): void {
  jest.useRealTimers();
  goOn();
  goOn = () => undefined;
}

afterEach(thaw);

afterAll(async () => {
  await pool.end();
  await database.stop();
});

const row = (raw: string): Buffer => {
  const at = { source: "website", dialect: "segment", path: "/v1/b", reason: "r" };
  const receivedAt = "2026-01-01T00:00:00.000Z";
  return Buffer.from(JSON.stringify(badRow({ ...at, receivedAt, raw: Buffer.from(raw) })));
};

test("fails after a minute on a connection that says nothing, and stores by another one", async () => {
  const sink = new BadRowSink(pool);
  await sink.store([row("before")]);
  goOn = database.freeze();
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask", "Date"] });
  const failed = expect(sink.store([row("meanwhile")])).rejects.toThrow("within 60000 ms");
  await new Promise(setImmediate);
  jest.advanceTimersByTime(60_000);
  await failed;
  expect(sink.isHealthy()).toBe(false);
  thaw();
  await sink.store([row("meanwhile")]);
  expect(sink.isHealthy()).toBe(true);
  const { rows } = await database.admin.query("SELECT FROM events.bad_row");
  expect(rows).toHaveLength(2);
});
