import type pg from "pg";
import { PgBoss } from "pg-boss";
import { deadQueues } from "./list.ts";
import { showDeadLetter } from "./show.ts";

/** How many jobs one statement moves. */
const PORTION = 1000;

/** How many jobs were given back to each queue. */
export type Replayed = Readonly<Record<string, number>>;

/**
 * Gives jobs back to the queues that gave them up, each once: it goes from where it lies in the statement that enqueues it.
 *
 * @param which ids, or names of queues for all that lie there now.
 * @throws Error naming what is neither, before anything is given back.
 */
export async function replayDeadLetters(
  client: pg.ClientBase,
  which: readonly string[],
): Promise<Replayed> {
  if (which.length === 0) {
    throw new Error(
      `replay must be given IDs, or queues (${[...deadQueues.keys()].join(", ")}), got none; npm run dead-letters -- list names them`,
    );
  }
  const ids = new Map<string, string[]>();
  for (const id of which.filter((one) => !deadQueues.has(one))) {
    const { queue } = await showDeadLetter(client, id);
    ids.set(queue, [...(ids.get(queue) ?? []), id]);
  }
  const { rows } = await client.query<{ now: Date }>("select clock_timestamp() as now");
  const boss = new PgBoss({
    db: { executeSql: (text, values) => client.query(text, values) },
    schema: "jobs",
    migrate: false,
    supervise: false,
    schedule: false,
  });
  // Who listens hears what is thrown anyway.
  boss.on("error", () => undefined);
  await boss.start();
  try {
    const replayed: Record<string, number> = {};
    for (const [queue, dead] of deadQueues) {
      const some = ids.get(queue);
      const isWhole = which.includes(queue);
      if (!isWhole && !some) continue;
      // What is given up again meanwhile stays.
      const only = isWhole ? { createdBefore: rows[0]!.now } : { ids: some! };
      let moved: number;
      do {
        moved = await boss.redrive(dead, { ...only, limit: PORTION });
        replayed[queue] = (replayed[queue] ?? 0) + moved;
      } while (moved === PORTION);
    }
    return replayed;
  } finally {
    await boss.stop({ graceful: false, close: false });
  }
}

/** For people: a line for each queue. */
export function replayedText(replayed: Replayed): string {
  return Object.entries(replayed)
    .map(([queue, jobs]) => `${String(jobs).padStart(7)}  given back to ${queue}`)
    .join("\n");
}
