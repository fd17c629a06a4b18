import type { Logger } from "pino";
import type { Cms } from "./cms.ts";
import type { Courier } from "./journeys/deliver.ts";
import type { Ledger } from "./ledger.ts";
import type { Outcome } from "./outcome.ts";
import type { Publication } from "./publication.ts";
import type { Schedule } from "./schedule.ts";
import type { Transaction } from "./transaction.ts";
import type { Watermarks } from "./watermarks.ts";

/** What a task may use. */
export interface TaskContext {
  readonly ledger: Ledger;
  readonly watermarks: Watermarks;
  readonly cms: Cms;
  readonly schedule: Schedule;
  readonly courier: Courier;
  /** Slack-compatible webhook; undefined tells nobody. */
  readonly chatWebhookUrl: string | undefined;
  readonly log: Logger;
  /** How often this job has been tried before, from 0. */
  readonly attempt: number;
  /** Counts a publication that is new in the ledger. */
  recorded(): void;
  /** Enqueues a publication for `record-publication`; one that was enqueued before is not again. */
  recordPublication(publication: Publication): Promise<void>;
  /** Enqueues a publication for `notify-chat` if the transaction commits. */
  notifyChat(publication: Publication, transaction: Transaction): Promise<void>;
}

/** One job's work: idempotent, because a job may run more than once. Throws only to be tried again. */
export type Task<T> = (data: T, context: TaskContext) => Promise<Outcome>;

/** Thrown by a task whose next try must not come before some seconds have passed. */
export class RetryLater extends Error {
  readonly seconds: number;

  constructor(reason: string, seconds: number) {
    super(reason);
    this.name = "RetryLater";
    this.seconds = seconds;
  }
}
