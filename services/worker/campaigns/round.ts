import type pg from "pg";
import type { Logger } from "pino";
import { checkOut, giveBack } from "../check-out.ts";
import type { Transaction } from "../transaction.ts";
import type { CampaignEvent, Cluster } from "./cluster.ts";
import type { JourneyCounts } from "./journey-counts.ts";
import { isOutboundStopped } from "./kill-switch.ts";
import { heldBack } from "./outbound.ts";
import { reconcile, type Checking, type Reconciled } from "./reconcile.ts";
import { saysTheSame, statusOf } from "./status.ts";

/** Key of the lock that one worker of all has while it reconciles. */
const LOCK = 0x63616d70;

/** How many statuses are written at a time. */
const AT_A_TIME = 10;

/** What a round needs. */
export interface RoundContext extends Checking {
  readonly pool: pg.Pool;
  readonly cluster: Cluster;
  readonly log: Logger;
  /** How far people are in journeys, by the campaign's uid. */
  readonly journeys: () => Promise<ReadonlyMap<string, JourneyCounts>>;
}

/**
 * Reconciles all campaigns once, and says in the cluster what came of it, unless another worker is at it.
 *
 * @returns how many statuses were written; undefined if another worker is at it.
 */
export async function round(context: RoundContext): Promise<number | undefined> {
  const guard = await checkOut(context.pool);
  try {
    // A worker that froze in the middle loses the lock with its session.
    await guard.query("set idle_session_timeout = '60s'");
    const { rows } = await guard.query<{ mine: boolean }>(
      "select pg_try_advisory_lock($1) as mine",
      [LOCK],
    );
    const written = rows[0]!.mine ? await locked(guard, context) : undefined;
    await guard.query("select pg_advisory_unlock_all()");
    await guard.query("reset idle_session_timeout");
    giveBack(guard);
    return written;
  } catch (error) {
    // Ends the session, and with it the lock and what was not committed.
    guard.release(true);
    throw error;
  }
}

/** @param guard has the lock: what was read of the cluster counts nowhere once it is lost. */
async function locked(guard: Transaction, context: RoundContext): Promise<number> {
  const { pool, cluster } = context;
  const resources = await cluster.campaigns();
  await guard.query("begin");
  const reconciled = await reconcile(guard, resources, context);
  await guard.query("commit");
  const outbound = (await isOutboundStopped(pool)) ? "stopped" : "allowed";
  const waiting = await heldBack(pool);
  const journeys = await context.journeys();
  const now = new Date();
  const changed = reconciled.flatMap((one) => {
    const { resource, findings, current } = one;
    const { name, uid } = resource.metadata;
    const out = {
      outbound,
      heldBack: waiting.get(name) ?? 0,
      journey: journeys.get(uid) ?? null,
    } as const;
    const status = statusOf(resource, findings, current, out, now);
    return saysTheSame(status, resource.status) ? [] : [{ ...one, status }];
  });
  for (let from = 0; from < changed.length; from += AT_A_TIME) {
    await Promise.all(
      changed.slice(from, from + AT_A_TIME).map(async (one) => {
        await cluster.writeStatus(one.resource.metadata.name, one.status);
        for (const event of eventsOf(one)) await cluster.tell(event);
      }),
    );
  }
  return changed.length;
}

/** What has to be told of a campaign beside its status: that a generation was accepted or refused, and each new phase. */
function eventsOf({ resource, findings, current }: Reconciled): CampaignEvent[] {
  const { metadata, status: before } = resource;
  const problems = Object.values(findings ?? {})
    .flat()
    .join("\n");
  const ready = before?.conditions.find(({ type }) => type === "Ready");
  const isNews =
    findings && (ready?.observedGeneration !== metadata.generation || ready.message !== problems);
  const phase = current?.phase ?? "pending";
  return [
    ...(isNews && problems
      ? [{ campaign: resource, type: "Warning" as const, reason: "Refused", message: problems }]
      : []),
    ...(isNews && !problems
      ? [
          {
            campaign: resource,
            type: "Normal" as const,
            reason: "Accepted",
            message: `generation ${metadata.generation} runs`,
          },
        ]
      : []),
    ...(before && before.phase !== phase
      ? [
          {
            campaign: resource,
            type: "Normal" as const,
            reason: "PhaseChanged",
            message: `from ${before.phase} to ${phase}`,
          },
        ]
      : []),
  ];
}
