import type { Task } from "./task.ts";
import notifyChat from "./tasks/notify-chat.ts";
import publishScheduled from "./tasks/publish-scheduled.ts";
import reconcilePublications from "./tasks/reconcile-publications.ts";
import recordPublication from "./tasks/record-publication.ts";
import sendMessage from "./tasks/send-message.ts";

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** One queue: its jobs' task and what becomes of a job that fails. */
interface QueueDefinition {
  readonly task: Task<never>;
  /** How often a job may be tried again. */
  readonly retryLimit: number;
  /** Where a job goes that is given up; undefined where the next job of the queue makes up for it. */
  readonly deadLetter?: string;
  /** When a job is enqueued by itself, as cron has it. */
  readonly schedule?: string;
  /** Whether there may be many at a time, each of which takes little time: they are taken together. */
  readonly isMany?: true;
}

/** Every queue; its name is that of its task's file. */
const definitions = {
  "record-publication": {
    task: recordPublication,
    retryLimit: 10,
    deadLetter: "record-publication-dead",
  },
  // With the waits that the task asks for, a chat may be down for about two hours.
  "notify-chat": { task: notifyChat, retryLimit: 30, deadLetter: "notify-chat-dead" },
  // A message that cannot leave now does not fail: what does is a database that is away.
  "send-message": {
    task: sendMessage,
    retryLimit: 30,
    deadLetter: "send-message-dead",
    isMany: true,
  },
  "reconcile-publications": {
    task: reconcilePublications,
    retryLimit: 0,
    schedule: "* * * * *",
  },
  "publish-scheduled": { task: publishScheduled, retryLimit: 0, schedule: "* * * * *" },
} as const satisfies Record<string, QueueDefinition>;

/** Name of a queue. */
export type QueueName = keyof typeof definitions;

/** Every queue by its name. */
export const queues: Readonly<Record<QueueName, QueueDefinition>> = definitions;

/** Names of the queues. */
export const queueNames = Object.keys(definitions) as QueueName[];

/**
 * Settings of every queue: a killed worker's job is taken over in about 20 s at worst (heartbeat, supervision,
 * backoff, poll).
 */
export const queueSettings = {
  notify: true,
  heartbeatSeconds: 10,
  expireInSeconds: 60 * MINUTE,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 8,
} as const;

/** Settings of the queues that hold what was given up: it waits for somebody to look. */
export const deadLetterSettings = { retentionSeconds: 365 * DAY } as const;

/** How a worker takes jobs from a queue, one by one. */
export const workSettings = {
  pollingIntervalSeconds: 0.5,
  notifyPollingIntervalSeconds: 2,
  heartbeatRefreshSeconds: 3,
  localConcurrency: 4,
  batchSize: 1,
  includeMetadata: true,
  perJobResults: true,
} as const;

/** How a worker takes jobs from a queue that has many. */
export const manySettings = {
  ...workSettings,
  localConcurrency: 2,
  batchSize: 20,
  burstWhenBatchFull: true,
} as const;
