import { Counter, type Registry } from "prom-client";
import { NEVER_REASONS } from "./journeys/gate.ts";
import { shownAnew } from "./shown-anew.ts";
import type { Transaction } from "./transaction.ts";

/**
 * What can become of a message. `sent`: the other side has it. `failed`: it refused it, or could not be reached for too long.
 * `unknown`: it may have left, and nobody can say. `withheld`: it was not let out, for good.
 */
type Outcome = "sent" | "failed" | "unknown" | "withheld";

/** Why it was withheld; `other`: the campaign is over, or the person is gone or was reached by another id. */
type Reason = (typeof NEVER_REASONS)[number] | "other";

/** How many messages of a campaign came to what, by one of its ways out. */
export interface MessageCount {
  readonly campaign: string;
  /** Kind of the connector, such as `slack`; `email`, and where the connector is gone, the kind of the campaign's channel. */
  readonly channel: string;
  readonly outcome: Outcome;
  /** Null unless they were withheld. */
  readonly reason: Reason | null;
  readonly messages: number;
}

/**
 * What became of all messages, and 0 of every way out of every campaign that was ever accepted.
 *
 * @param connectors kind of each connector, by name.
 */
export async function countMessages(
  database: Transaction,
  connectors: Readonly<Record<string, string>>,
): Promise<MessageCount[]> {
  const values = [JSON.stringify(connectors), NEVER_REASONS];
  const { rows } = await database.query<MessageCount>(SELECT, values);
  return rows;
}

/**
 * Adds it to a registry.
 *
 * @param read as for {@link shownAnew}.
 */
export function addMessageMetrics(
  registry: Registry,
  read: () => Promise<readonly MessageCount[]>,
): void {
  new Counter({
    name: "mkt_messages_total",
    help: "Messages of a campaign by channel and what became of them: sent, failed, unknown, withheld (with the reason).",
    labelNames: ["campaign", "channel", "outcome", "reason"],
    registers: [registry],
    collect: shownAnew(read, (counts) =>
      counts.map(({ campaign, channel, outcome, reason, messages }) => [
        { campaign, channel, outcome, ...(reason && { reason }) },
        messages,
      ]),
    ),
  });
}

const SELECT = `
  with declared as (
    select name as campaign, way.key as way, coalesce($1::jsonb ->> (way.value->>'secret'), way.value->>'kind') as channel
    from campaigns.campaign cross join jsonb_each(spec->'channels') as way
    where way.value->>'kind' <> 'web'
  ), told as (
    select 'withheld' as outcome, reason from unnest($2::text[] || 'other'::text) as reason
    union all
    select outcome, null from unnest(array['sent', 'failed', 'unknown']) as outcome
  ), counted as (
    select campaign, channel as way, kind, state as outcome, null as reason, count(*) as messages
    from campaigns.message where state <> 'withheld' group by 1, 2, 3, 4
    union all
    select campaign, channel, kind, state, case when reason = any($2) then reason else 'other' end, count(*)
    from campaigns.message where state = 'withheld' group by 1, 2, 3, 4, 5
  ), found as (
    select campaign, channel, outcome, reason, 0 as messages from declared cross join told
    union all
    select campaign, coalesce(declared.channel, kind), outcome, reason, messages
    from counted left join declared using (campaign, way)
    where outcome in (select outcome from told)
  )
  select campaign, channel, outcome, reason, sum(messages)::int as messages
  from found group by 1, 2, 3, 4 order by 1, 2, 3, 4`;
