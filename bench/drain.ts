import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";

import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { drainOnce } from "../services/collector/drain.ts";
import {
  BAD_ROW_TABLE,
  EVENT_TABLE,
  PostgresSink,
  REFUSAL_TABLE,
} from "../services/collector/postgres-sink.ts";
import { encodeRecord, RECORD_KINDS } from "../services/collector/record.ts";
import { Spool } from "../services/collector/spool.ts";
import { startMarketingDatabase } from "../tests/services/collector/marketing-database.ts";
import { interleaved, median, report } from "./measure.ts";

// Events a second from the spool into the event log, beside a bare COPY of ready-made rows into the same table (aim >= 0.8x):
// of events that are new, where some come twice, and where people were erased. Both by the clock, and by the processor time
// of this process and PostgreSQL's, which other work on the machine disturbs less.
const EVENTS = 50_000;
const PAIRS = 5;
/** One event of so many was sent before. */
const REPEATED_EACH = 1_000;
const ERASED_PEOPLE = 1_000;
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
// The one connection is kept, because its process is measured.
const pool = new pg.Pool({ connectionString: database.url, max: 1, idleTimeoutMillis: 0 });

/** Seconds that storing all events takes: by the clock, and of processors. */
interface Cost {
  readonly clock: number;
  readonly processor: number;
}

try {
  const { rows: backends } = await pool.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const processorSeconds = (): number => {
    const [nanoseconds] = readFileSync(`/proc/${backends[0]!.pid}/schedstat`, "utf8").split(" ");
    const { user, system } = process.cpuUsage();
    return Number(nanoseconds) / 1e9 + (user + system) / 1e6;
  };
  const cost = async (store: () => Promise<void>): Promise<Cost> => {
    const [begun, before] = [performance.now(), processorSeconds()];
    await store();
    return {
      clock: (performance.now() - begun) / 1000,
      processor: processorSeconds() - before,
    };
  };

  let turn = 0;
  const drained = async (sent: typeof events): Promise<Cost> => {
    await database.admin.query("TRUNCATE events.event");
    const spool = await Spool.open({ folder: join(folder, String(turn++)), maxBytes: 2 ** 40 });
    for (let at = 0; at < EVENTS; at += ROWS) {
      const rows = sent.slice(at, at + ROWS).map((event) => JSON.stringify(event));
      await spool.append(rows.map((row) => encodeRecord(RECORD_KINDS.event, row, Date.now())));
    }
    const taken = await cost(() =>
      drainOnce({
        spool,
        good: new PostgresSink(pool, EVENT_TABLE),
        bad: new PostgresSink(pool, BAD_ROW_TABLE),
        refusals: new PostgresSink(pool, REFUSAL_TABLE),
        onTrouble: (message, error) => {
          throw new Error(message, { cause: error });
        },
      }),
    );
    await spool.close();
    return taken;
  };
  const copied = async (): Promise<Cost> => {
    await database.admin.query("TRUNCATE events.event");
    const client = await pool.connect();
    const taken = await cost(async () => {
      for (let at = 0; at < EVENTS; at += ROWS) {
        const text = lines.slice(at, at + ROWS).join("\n") + "\n";
        const copy = client.query(copyFrom(`COPY events.event (${columns}) FROM STDIN`));
        await pipeline(Readable.from([Buffer.from(text)]), copy);
      }
    });
    client.release();
    return taken;
  };
  const compared = async (sent: typeof events): Promise<object> => {
    const { a, b } = await interleaved(PAIRS, () => drained(sent), copied);
    return {
      eventsPerSecond: Math.round(EVENTS / median(a.map(({ clock }) => clock))),
      bareCopy: Math.round(EVENTS / median(b.map(({ clock }) => clock))),
      ratio: median(b.map(({ clock }, pair) => clock / a[pair]!.clock)),
      processorRatio: median(b.map(({ processor }, pair) => processor / a[pair]!.processor)),
    };
  };

  const repeated = events.map((event, index) =>
    index >= ROWS && index % REPEATED_EACH === 0 ? events[index - ROWS]! : event,
  );
  const figures = { ...(await compared(events)), repeated: await compared(repeated) };
  await database.admin.query(
    "INSERT INTO events.erased_id SELECT events.person_digest('user:gone-' || n), now() FROM generate_series(1, $1) AS n",
    [ERASED_PEOPLE],
  );
  report("drain", { ...figures, erased: await compared(events) });
} finally {
  await pool.end();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}
