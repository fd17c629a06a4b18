import type { Transaction } from "../transaction.ts";
import type { Cluster } from "./cluster.ts";

/**
 * Looks at the kill switch and notes what it says, with the time before the look: then what a slow worker read long ago never
 * replaces what was read since. A look in the future is one of before the database's clock was put back, and gives way.
 */
export async function look(
  database: Transaction,
  cluster: Pick<Cluster, "isOutboundStopped">,
): Promise<void> {
  // As text: a Date has no microseconds.
  const { rows } = await database.query<{ now: string }>("select clock_timestamp()::text as now");
  const stopped = await cluster.isOutboundStopped();
  await database.query(
    `update campaigns.outbound set stopped = $1, looked_at = $2
     where looked_at < $2 or looked_at > clock_timestamp()`,
    [stopped, rows[0]!.now],
  );
}

/** Whether all outbound was stopped when somebody last looked. */
export async function isOutboundStopped(database: Transaction): Promise<boolean> {
  const { rows } = await database.query<{ stopped: boolean }>(
    "select stopped from campaigns.outbound",
  );
  return rows[0]!.stopped;
}
