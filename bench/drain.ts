import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";

import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { drainOnce } from "../services/collector/drain.ts";
import { BAD_ROW_TABLE, EVENT_TABLE, PostgresSink } from "../services/collector/postgres-sink.ts";
import { encodeRecord, RECORD_KINDS } from "../services/collector/record.ts";
import { Spool } from "../services/collector/spool.ts";
import { startMarketingDatabase } from "../tests/services/collector/marketing-database.ts";
import { interleaved, median, report, round } from "./measure.ts";

// Events a second from the spool into the event log, beside a bare COPY of ready-made rows into the same table (aim >= 0.8x).
const EVENTS = 50_000;
const PAIRS = 5;
/** Rows of one COPY, as the drain has them. */
const ROWS = 5_000;

const AT = "2026-01-01T00:00:00.000Z";
const events = Array.from({ length: EVENTS }, (_, index) => ({
  source: "website",
  id: `message-${index}`,
  type: "track",
  name: "Order Completed",
  dialect: "segment",
  anonymousId: "8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0",
  userId: `user-${index % 1000}`,
  occurredAt: AT,
  receivedAt: AT,
  context: { page: { path: "/checkout", title: "Checkout" }, locale: "en-US" },
  properties: { orderId: "50314b8e", revenue: 25.5, currency: "EUR", coupon: "spring-sale" },
  consent: ["analytics", "email"],
  campaign: "spring-sale",
}));
const columns = Object.keys(EVENT_TABLE.columns).join(", ");
const lines = events.map((event) =>
  [
    ...[event.source, event.id, event.type, event.name, event.dialect, event.anonymousId],
    ...[event.userId, AT, AT, JSON.stringify(event.context), JSON.stringify(event.properties)],
    ...["{analytics,email}", event.campaign],
  ].join("\t"),
);

const folder = mkdtempSync(join(tmpdir(), "bench-drain-"));
const database = await startMarketingDatabase();
const pool = new pg.Pool({ connectionString: database.url, max: 1 });
try {
  let turn = 0;
  const drained = async (): Promise<number> => {
    await database.admin.query("TRUNCATE events.event");
    const spool = await Spool.open({ folder: join(folder, String(turn++)), maxBytes: 2 ** 40 });
    for (let at = 0; at < EVENTS; at += ROWS) {
      const rows = events.slice(at, at + ROWS).map((event) => JSON.stringify(event));
      await spool.append(rows.map((row) => encodeRecord(RECORD_KINDS.event, row, Date.now())));
    }
    const begun = performance.now();
    await drainOnce({
      spool,
      good: new PostgresSink(pool, EVENT_TABLE),
      bad: new PostgresSink(pool, BAD_ROW_TABLE),
      onTrouble: (message, error) => {
        throw new Error(message, { cause: error });
      },
    });
    const seconds = (performance.now() - begun) / 1000;
    await spool.close();
    return EVENTS / seconds;
  };
  const copied = async (): Promise<number> => {
    await database.admin.query("TRUNCATE events.event");
    const client = await pool.connect();
    const begun = performance.now();
    for (let at = 0; at < EVENTS; at += ROWS) {
      const text = lines.slice(at, at + ROWS).join("\n") + "\n";
      const copy = client.query(copyFrom(`COPY events.event (${columns}) FROM STDIN`));
      await pipeline(Readable.from([Buffer.from(text)]), copy);
    }
    const seconds = (performance.now() - begun) / 1000;
    client.release();
    return EVENTS / seconds;
  };
  const { a, b } = await interleaved(PAIRS, drained, copied);
  report("drain", {
    eventsPerSecond: Math.round(median(a)),
    bareCopy: Math.round(median(b)),
    ratio: round(median(a.map((rate, index) => rate / b[index]!))),
  });
} finally {
  await pool.end();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}
