import { randomUUID } from "node:crypto";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { pino } from "pino";
import { postgresLedger } from "../services/worker/ledger.ts";
import { ok } from "../services/worker/outcome.ts";
import { pgBossQueue, type SharedContext } from "../services/worker/queue.ts";
import { manySettings } from "../services/worker/queues.ts";
import { inTransaction } from "../services/worker/transaction.ts";
import { postgresWatermarks } from "../services/worker/watermarks.ts";
import { startWorkerDatabase } from "../tests/services/worker/worker-database.ts";
import { interleaved, median, report, round } from "./measure.ts";

// Jobs a second that one worker's queue layer does, and how long one waits for its start, beside pg-boss alone on the same PostgreSQL:
// as many at a time, taken as often, without outcomes, heartbeats, logs and dead letters. No job does anything.
const JOBS = 2000;
const SINGLE = 100;
const PAIRS = 7;

/** A queue whose jobs tell of themselves as they start. */
interface Measured {
  /** Enqueues as many jobs as there are ids, at once. */
  give(ids: readonly string[]): Promise<void>;
}

/** What a turn of one of them came to. */
interface Turn {
  readonly perSecond: number;
  /** From a job that is in the queue to its start, in milliseconds, of each. */
  readonly waits: readonly number[];
}

const database = await startWorkerDatabase();
const pool = new pg.Pool({ connectionString: database.url, max: 2 });
let started: (id: string) => void = () => undefined;

const log = pino(pino.destination("/dev/null"));
const queue = pgBossQueue(database.url, log);
const context: SharedContext = {
  courier: {
    deliver: async (id) => {
      started(id);
      return ok;
    },
  },
  ledger: postgresLedger(pool),
  watermarks: postgresWatermarks(pool),
  cms: { published: async () => [], publishedSince: async () => [], entry: async () => undefined },
  schedule: { due: async () => [], carryOut: () => Promise.reject(new Error("nothing is due")) },
  chatWebhookUrl: undefined,
  log,
  recorded: () => undefined,
};
const ours: Measured = {
  give: (ids) =>
    inTransaction(pool, (transaction) =>
      queue.sendMessages(
        ids.map((message) => ({ message, round: 1 })),
        transaction,
      ),
    ),
};

const boss = new PgBoss({
  connectionString: database.url,
  schema: "bare",
  createSchema: false,
  max: 10,
  useListenNotify: true,
});
const bare: Measured = {
  give: async (ids) => {
    await boss.insert(
      "jobs",
      ids.map((message) => ({ data: { message } })),
    );
  },
};

/** Has all jobs done once, many and one after the other. */
async function turn({ give }: Measured): Promise<Turn> {
  const ids = Array.from({ length: JOBS }, () => randomUUID());
  const begun = performance.now();
  await done(ids, () => give(ids));
  const perSecond = JOBS / ((performance.now() - begun) / 1000);
  const waits: number[] = [];
  for (let nth = 0; nth < SINGLE; nth += 1) {
    const id = randomUUID();
    let given = 0;
    await done([id], async () => {
      await give([id]);
      given = performance.now();
    });
    waits.push(performance.now() - given);
  }
  return { perSecond, waits };
}

/** Waits until all of some jobs have started. */
async function done(ids: readonly string[], give: () => Promise<void>): Promise<void> {
  const open = new Set(ids);
  const all = new Promise<void>((resolve) => {
    started = (id) => {
      open.delete(id);
      if (open.size === 0) resolve();
    };
  });
  await give();
  await all;
}

try {
  await database.admin.query("create schema bare authorization worker");
  await queue.start(context);
  await boss.start();
  await boss.createQueue("jobs", { notify: true });
  const { pollingIntervalSeconds, notifyPollingIntervalSeconds, localConcurrency, batchSize } =
    manySettings;
  const taking = {
    ...{ pollingIntervalSeconds, notifyPollingIntervalSeconds, localConcurrency, batchSize },
    burstWhenBatchFull: true,
  };
  await boss.work<{ message: string }>("jobs", taking, async (jobs) => {
    for (const { data } of jobs) started(data.message);
  });
  const { a, b } = await interleaved(
    PAIRS,
    () => turn(ours),
    () => turn(bare),
  );
  const figures = (turns: readonly Turn[]) => {
    const waits = turns.flatMap((one) => one.waits).sort((x, y) => x - y);
    return {
      perSecond: Math.round(median(turns.map((one) => one.perSecond))),
      startMs: round(median(waits)),
      startP99Ms: round(waits[Math.floor(0.99 * waits.length)]!),
    };
  };
  report("jobs", {
    ours: figures(a),
    bare: figures(b),
    ratio: round(median(a.map(({ perSecond }, index) => perSecond / b[index]!.perSecond))),
    startRatio: round(median(a.map(({ waits }, index) => median(waits) / median(b[index]!.waits)))),
  });
} finally {
  await boss.stop({ graceful: false, close: true });
  await queue.drain(1);
  await queue.stop();
  await pool.end();
  await database.stop();
}
