import { PgBoss, type Job } from "pg-boss";
import type { Logger } from "pino";
import type { Publication } from "./publication.ts";
import { uuidOf } from "./publication.ts";
import { RetryLater, type Task, type TaskContext } from "./task.ts";
import notifyChat from "./tasks/notify-chat.ts";
import reconcilePublications from "./tasks/reconcile-publications.ts";
import recordPublication from "./tasks/record-publication.ts";

/** Every job that the worker runs: the name of its queue, its task, how often it may be tried again. */
const tasks = {
  "record-publication": { task: recordPublication, retryLimit: 10 },
  "notify-chat": { task: notifyChat, retryLimit: 30 },
  "reconcile-publications": { task: reconcilePublications, retryLimit: 0 },
} as const;

/** Names of the queues, which are the names of the tasks' files. */
export const queueNames = Object.keys(tasks) as (keyof typeof tasks)[];

/** Settings by which a killed worker's job is taken over in about 20 s at worst (heartbeat, supervision, backoff, poll). */
const SETTINGS = {
  queue: {
    notify: true,
    heartbeatSeconds: 10,
    expireInSeconds: 3600,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 8,
  },
  work: {
    pollingIntervalSeconds: 0.5,
    notifyPollingIntervalSeconds: 2,
    heartbeatRefreshSeconds: 3,
    localConcurrency: 4,
    batchSize: 1,
  },
} as const;

/** State of one queue. */
export interface QueueState {
  readonly name: string;
  /** How long the oldest job that could run has waited, in seconds. */
  readonly oldestSeconds: number;
  /** Jobs that were given up. */
  readonly deadLetters: number;
}

/** The worker's queues. */
export interface Queue {
  /** Creates the queues and starts working; call again if PostgreSQL was not there. */
  start(context: Omit<TaskContext, "recordPublication" | "notifyChat">): Promise<void>;
  /** Enqueues a publication; durable when it resolves. One that was enqueued before is not again. */
  recordPublication(publication: Publication): Promise<void>;
  states(): Promise<QueueState[]>;
  /** Whether PostgreSQL answers. */
  isHealthy(): Promise<boolean>;
  /** Finishes what runs, up to `seconds`, and lets go of the rest. */
  stop(seconds: number): Promise<void>;
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
  });
  // Without a listener a terminated backend would end the process.
  boss.on("error", (error) => log.warn({ reason: error.message }, "queue reported an error"));

  const send = async (queue: keyof typeof tasks, publication: Publication): Promise<void> => {
    await boss.send(queue, publication, { id: uuidOf(`${queue}\n${publication.id}`) });
  };
  return {
    async start(shared) {
      await boss.start();
      for (const name of queueNames) {
        await boss.createQueue(deadOf(name));
        await boss.createQueue(name, {
          ...SETTINGS.queue,
          policy: "standard",
          retryLimit: tasks[name].retryLimit,
          deadLetter: deadOf(name),
        });
      }
      const context: TaskContext = {
        ...shared,
        recordPublication: (publication) => send("record-publication", publication),
        notifyChat: async (publication) => {
          if (shared.chatWebhookUrl) await send("notify-chat", publication);
        },
      };
      for (const name of queueNames) {
        const task = tasks[name].task as Task<object>;
        await boss.work<object>(name, SETTINGS.work, async ([job]) =>
          run(name, task, job!, context),
        );
      }
      await boss.schedule("reconcile-publications", "* * * * *");
    },
    recordPublication: (publication) => send("record-publication", publication),
    async states() {
      const { rows } = await boss.getDb().executeSql(
        `select name, coalesce(extract(epoch from now() - min(start_after)), 0)::float8 as oldest, count(*)::int as waiting
         from jobs.job where state in ('created', 'retry') and start_after <= now() group by name`,
      );
      const waiting = new Map(rows.map((row) => [row.name as string, row]));
      return queueNames.map((name) => ({
        name,
        oldestSeconds: waiting.get(name)?.oldest ?? 0,
        deadLetters: waiting.get(deadOf(name))?.waiting ?? 0,
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
    stop: (seconds) => boss.stop({ graceful: true, timeout: seconds * 1000, close: true }),
  };

  async function run(
    name: string,
    task: Task<object>,
    job: Job<object>,
    context: TaskContext,
  ): Promise<void> {
    const jobLog = context.log.child({ queue: name, job: job.id });
    try {
      const outcome = await task(job.data, { ...context, log: jobLog });
      if (outcome.kind === "deadLetter") await boss.send(deadOf(name), job.data, { id: job.id });
      const reason = outcome.kind === "ok" ? undefined : outcome.reason;
      jobLog.info({ outcome: outcome.kind, reason }, "job ended");
    } catch (error) {
      jobLog.warn({ reason: (error as Error).message }, "job will be tried again");
      if (!(error instanceof RetryLater)) throw error;
      await boss.sendAfter(name, job.data, {}, error.seconds);
    }
  }
}

function deadOf(queue: string): string {
  return `${queue}-dead`;
}
