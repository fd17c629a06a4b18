import { answerWell } from "../answer-well.ts";
import type { Fault } from "../fault.ts";
import { drillEvent, sendEvents } from "../send-event.ts";
import type { Stage } from "../stage.ts";
import { startedAnew, startedAt } from "../started-at.ts";
import { frozenDatabase } from "./frozen-database.ts";
import { setSpoolLimit, spoolLimit } from "./spool-limit.ts";

/** What was before. */
interface Filled {
  readonly limit: string;
  readonly database: { readonly podId: string };
}

const POD = "collector-0";

/** How long Prometheus may take to see a new process, in seconds. */
const SEEN_WITHIN = 120;

/** The smallest spool that the collector takes, in bytes. */
const SMALLEST = 2 ** 20;

/** Events of a request, and the size of each, in bytes. */
const BATCH = 20;
const SIZE = 10_000;

/** Requests that are turned away, so that no rate of errors is chance. */
const REFUSED = 100;

/** The spool fills up, because PostgreSQL stands still, until events are turned away; of its smallest size, so that it is soon. */
export const fullSpool: Fault<Filled> = {
  isExclusive: true,
  prepare: async (stage) => ({
    limit: await spoolLimit(stage),
    database: await frozenDatabase.prepare(stage),
  }),
  async inject(stage, { database }) {
    const before = await startedAt(stage, POD);
    await setSpoolLimit(stage, `${SMALLEST}`);
    // What is counted before the first scrape is no increase.
    await startedAnew(stage, POD, before, SEEN_WITHIN);
    await frozenDatabase.inject(stage, database);
    const begun = new Date();
    await fill(stage);
    return begun;
  },
  sustain: (stage, { database }) => frozenDatabase.sustain!(stage, database),
  async heal(stage, { limit, database }) {
    await frozenDatabase.heal(stage, database);
    await setSpoolLimit(stage, limit);
    await answerWell(stage.outputs.urls.collector!);
  },
};

async function fill(stage: Stage): Promise<void> {
  const begun = Date.now();
  const filling = "x".repeat(SIZE);
  let refused = 0;
  for (let request = 0; refused < REFUSED; request += 1) {
    const batch = Array.from({ length: BATCH }, (_, index) =>
      drillEvent(`drill-${begun}-${request}-${index}`, { filling }),
    );
    const status = await sendEvents(stage, batch);
    if (status === 503) refused += 1;
    else if (status !== 200) throw new Error(`the collector must answer 200 or 503, got ${status}`);
  }
}
