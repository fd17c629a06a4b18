import type pg from "pg";
import { oneLine } from "../printable.ts";
import { queueNames, queues } from "../../services/worker/queues.ts";

/** Jobs of one queue that were given up for one reason. */
export interface DeadLetterGroup {
  /** Queue that gave them up. */
  readonly queue: string;
  readonly reason: string;
  readonly jobs: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Id of the oldest. */
  readonly example: string;
}

/** Queues of given up jobs, by the queue that gives them up. */
export const deadQueues: ReadonlyMap<string, string> = new Map(
  queueNames.flatMap((name) => {
    const { deadLetter } = queues[name];
    return deadLetter ? [[name, deadLetter]] : [];
  }),
);

/** SQL of why a job was given up. */
const REASON =
  "coalesce(source_output->>'reason', source_output->>'message', source_output::text, '')";

/** All jobs that were given up and wait for somebody, grouped by why; the largest groups first. */
export async function deadLetterGroups(client: pg.ClientBase): Promise<DeadLetterGroup[]> {
  const { rows } = await client.query<DeadLetterGroup>(
    `select source_name as queue, ${REASON} as reason, count(*)::int as jobs, min(created_on) as "firstAt",
       max(created_on) as "lastAt", (array_agg(id order by created_on, id))[1] as example
     from jobs.job where name = any($1) and state = 'created' group by 1, 2 order by jobs desc, 1, 2`,
    [[...deadQueues.values()]],
  );
  return rows;
}

/** For people: some lines for each group. */
export function groupsText(groups: readonly DeadLetterGroup[]): string {
  if (groups.length === 0) return "no dead letters";
  return groups
    .map(({ queue, reason, jobs, firstAt, lastAt, example }) =>
      [
        `${String(jobs).padStart(7)}  ${queue}: ${oneLine(reason)}`,
        `    ${firstAt.toISOString()} to ${lastAt.toISOString()}`,
        `    npm run dead-letters -- show ${example}`,
      ].join("\n"),
    )
    .join("\n");
}
