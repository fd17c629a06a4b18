import { PgBoss, type ConnectionOptions, type JobResult, type JobWithMetadata } from "pg-boss";
import type { Logger } from "pino";
import type { MessageJob } from "./journeys/message.ts";
import { uuidOf, type Publication } from "./publication.ts";
import {
  deadLetterSettings,
  manySettings,
  queueNames,
  queues,
  queueSettings,
  workSettings,
  type QueueName,
} from "./queues.ts";
import { RetryLater, type Task, type TaskContext } from "./task.ts";
import type { Transaction } from "./transaction.ts";

/** State of one queue. */
export interface QueueState {
  readonly name: QueueName;
  /** How long the oldest job has waited to be done, in seconds; one that waits for another try counts from its start. */
  readonly oldestSeconds: number;
  /** Jobs that were given up. */
  readonly deadLetters: number;
}

/** The part of {@link TaskContext} that the queue does not bring itself. */
export type SharedContext = Omit<TaskContext, "recordPublication" | "notifyChat" | "attempt">;

/** The worker's queues. */
export interface Queue {
  /** Creates the queues and starts working; call again if PostgreSQL was not there. */
  start(context: SharedContext): Promise<void>;
  /** Enqueues a publication; durable when it resolves. One that was enqueued before is not again. */
  recordPublication(publication: Publication): Promise<void>;
  /** Enqueues messages of journeys if the transaction commits. */
  sendMessages(jobs: readonly MessageJob[], transaction: Transaction): Promise<void>;
  states(): Promise<QueueState[]>;
  /** Whether PostgreSQL answers. */
  isHealthy(): Promise<boolean>;
  /** Takes no more jobs and finishes those that run, up to `seconds`; jobs can still be enqueued. */
  drain(seconds: number): Promise<void>;
  /** Lets go of jobs that still run, for another worker to take over, and of PostgreSQL. */
  stop(): Promise<void>;
}

/** The queues on pg-boss, in the schema `jobs`, which the login owns. */
export function pgBossQueue(databaseUrl: string, log: Logger): Queue {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: "worker",
    schema: "jobs",
    createSchema: false,
    max: 10,
    connectionTimeoutMillis: 5000,
    useListenNotify: true,
    superviseIntervalSeconds: 3,
    monitorIntervalSeconds: 3,
    queueCacheIntervalSeconds: 10,
    cronMonitorIntervalSeconds: 5,
  });
  // Without a listener a terminated backend would end the process.
  boss.on("error", (error) => log.warn({ reason: error.message }, "queue reported an error"));

  return {
    async start(shared) {
      await boss.start();
      for (const name of queueNames) await declare(name);
      const context = {
        ...shared,
        recordPublication: (publication: Publication) => send("record-publication", publication),
        notifyChat: async (publication: Publication, transaction: Transaction) => {
          if (shared.chatWebhookUrl) await send("notify-chat", publication, transaction);
        },
      };
      for (const name of queueNames) {
        const settings = queues[name].isMany ? manySettings : workSettings;
        await boss.work<object, unknown, typeof workSettings>(
          name,
          settings as typeof workSettings,
          (jobs) => Promise.all(jobs.map((job) => run(name, job, context))),
        );
      }
    },
    recordPublication: (publication) => send("record-publication", publication),
    async sendMessages(jobs, transaction) {
      const rows = jobs.map((job) => ({
        id: uuidOf(`send-message\n${job.message}\n${job.round}`),
        data: job,
      }));
      await boss.insert("send-message", rows, { db: within(transaction) });
    },
    async states() {
      const { rows } = await boss.getDb().executeSql(
        `select name, count(*)::int as waiting,
           max(extract(epoch from now() - case state when 'created' then start_after else created_on end))::float8
             as oldest
         from jobs.job
         where (state = 'created' and start_after <= now()) or state = 'retry' or (state = 'active' and retry_count > 0)
         group by name`,
      );
      const waiting = new Map(rows.map((row) => [row.name as string, row]));
      return queueNames.map((name) => ({
        name,
        oldestSeconds: waiting.get(name)?.oldest ?? 0,
        deadLetters: waiting.get(queues[name].deadLetter ?? "")?.waiting ?? 0,
      }));
    },
    async isHealthy() {
      return boss
        .getDb()
        .executeSql("select 1")
        .then(
          () => true,
          () => false,
        );
    },
    async drain(seconds) {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        Promise.all(queueNames.map((name) => boss.offWork(name, { wait: true }))),
        new Promise((resolve) => (timer = setTimeout(resolve, seconds * 1000))),
      ]);
      clearTimeout(timer);
    },
    stop: () => boss.stop({ graceful: false, close: true }),
  };

  /** Makes a queue as it is defined now, whether it is new or was made by an earlier version. */
  async function declare(name: QueueName): Promise<void> {
    const { retryLimit, deadLetter, schedule } = queues[name];
    if (deadLetter) {
      await boss.createQueue(deadLetter);
      await boss.updateQueue(deadLetter, deadLetterSettings);
    }
    await boss.createQueue(name, { policy: "standard" });
    await boss.updateQueue(name, { ...queueSettings, retryLimit, deadLetter: deadLetter ?? null });
    if (schedule) await boss.schedule(name, schedule, null, { missed: "once" });
  }

  async function send(
    queue: QueueName,
    publication: Publication,
    transaction?: Transaction,
  ): Promise<void> {
    await boss.send(queue, publication, {
      id: uuidOf(`${queue}\n${publication.id}`),
      ...(transaction && { db: within(transaction) }),
    });
  }

  async function run(
    name: QueueName,
    job: JobWithMetadata<object>,
    shared: Omit<TaskContext, "attempt">,
  ): Promise<JobResult> {
    const { id, retryCount } = job;
    const jobLog = log.child({ queue: name, job: id, attempt: retryCount });
    const task = queues[name].task as Task<object>;
    try {
      const outcome = await task(job.data, { ...shared, attempt: retryCount, log: jobLog });
      if (outcome.kind === "deadLetter") {
        jobLog.error({ reason: outcome.reason }, "job given up");
        return { id, status: "deadletter", output: { reason: outcome.reason } };
      }
      jobLog.info({ ...outcome }, "job ended");
      return { id, status: "completed", output: outcome };
    } catch (error) {
      const reason = (error as Error).message;
      jobLog.warn({ reason }, "job failed");
      if (error instanceof RetryLater) {
        // Were the worker killed between the two, the next try would only come early.
        await boss.fail(name, { id, retryCount }, { reason });
        await boss.update(name, undefined, { id, startAfter: error.seconds });
      }
      return { id, status: "failed", output: { reason } };
    }
  }
}

/** A transaction as pg-boss writes in it. */
function within(transaction: Transaction): NonNullable<ConnectionOptions["db"]> {
  return { executeSql: (text, values) => transaction.query(text, values) };
}
