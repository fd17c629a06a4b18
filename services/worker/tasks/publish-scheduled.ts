import { ok } from "../outcome.ts";
import type { Task } from "../task.ts";

const MINUTE = 60;

/** From when on what is due is late, in seconds: it is looked for each minute. */
const LATE = 2 * MINUTE;

/**
 * Publishes and takes back what editors scheduled, as soon as it is due by the CMS's clock. The CMS keeps the schedule and takes off it
 * what is done, in one transaction: a job that is killed, doubled or late does everything once. What is late, for whatever reason, is
 * done all the same and in the ledger; what cannot be done is in the ledger with the reason, stays due, and the alert
 * PublicationOverdue tells of it.
 *
 * @throws Error if the CMS fails; what is due behind what it fails at is tried first.
 */
const publishScheduled: Task<object> = async (_data, { schedule, ledger, log }) => {
  const failures: string[] = [];
  for (const change of await schedule.due()) {
    const { lateSeconds } = change;
    // Before it is done: it would not be due any more.
    if (lateSeconds > LATE) await ledger.recordScheduled("content.late", change, { lateSeconds });
    try {
      const result = await schedule.carryOut(change);
      if (result.kind === "refused") {
        log.warn({ ...change, reason: result.reason }, "scheduled content is refused");
        await ledger.recordScheduled("content.refused", change, { reason: result.reason });
      } else log.info({ ...change, result: result.kind }, "scheduled content");
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  if (failures.length > 0) {
    throw new Error(`${failures.length} scheduled changes failed: ${failures[0]}`);
  }
  return ok;
};

export default publishScheduled;
