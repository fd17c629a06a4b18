import { randomUUID } from "node:crypto";
import type { CampaignSpec, Channel as DeclaredChannel } from "../../contract/campaign.ts";
import { MAIL_FEEDBACK, type MailFeedback } from "../../contract/mail-feedback.ts";
import type { Profile } from "../../contract/profile.ts";
import { recordChange } from "../campaigns/change.ts";
import { outboundAllowed } from "../campaigns/outbound.ts";
import { isFeedbackBehind } from "../mail/feedback.ts";
import { areProfilesBehind } from "../profiles/behind.ts";
import { readProfiles } from "../profiles/read.ts";
import type { Transaction } from "../transaction.ts";
import type { Channel, Effect } from "./channel.ts";
import { mayLeave, type Gate } from "./gate.ts";
import { localeOf } from "./locale.ts";
import { keyOf } from "./message.ts";
import { LONGEST_PERMIT } from "./permit.ts";
import type { Rest } from "./rest.ts";
import { settle } from "./settle.ts";

const SECOND = 1000;

/**
 * How long a message that was let out is left to who has it, in milliseconds: whoever still has it after that does not begin to
 * send it, and what they began has arrived or never will. Where a message counts once anyway, it need not be waited for so long.
 */
const LEFT_ALONE = { keyed: 12 * SECOND, other: LONGEST_PERMIT + 75 * SECOND };

/** Finds the way out for a channel of a campaign; undefined if this worker has none. */
export type FindChannel = (channel: DeclaredChannel) => Channel | undefined;

/** What is to be done with a message. */
export type Claimed =
  /** Nothing now. */
  | { readonly kind: "nothing"; readonly reason: string }
  /** It was let out, or what became of it is to be asked. */
  | {
      readonly kind: "send" | "ask";
      readonly channel: Channel;
      readonly effect: Omit<Effect, "signal">;
      /** Whoever settles it has to have this. */
      readonly claim: string;
      /** When it was let out at the last try at which it may have left; null if it did at none. */
      readonly leftAt: Date | null;
    };

/** A message as it is kept. */
interface Row {
  readonly uid: string;
  readonly campaign: string;
  readonly person: string;
  readonly variant: string;
  readonly step: string;
  readonly channel: string;
  readonly content: string;
  readonly state: "queued" | "leaving" | "sent" | "failed" | "unknown" | "withheld";
  readonly tries: number;
  readonly leftAt: Date | null;
  readonly now: Date;
  /** Null if the campaign is gone, or another one has its name. */
  readonly spec: CampaignSpec | null;
}

/**
 * Takes a message for this worker alone, and looks at everything that decides whether it may leave at this moment: only then it is
 * let out, in the same transaction. What never may is withheld, with its reason; what may later waits.
 *
 * @param mostTries after which a message was given up; one that is given to the queue again by hand begins anew.
 */
export async function claim(
  transaction: Transaction,
  id: string,
  { find, rest, mostTries }: { find: FindChannel; rest: Rest; mostTries: number },
): Promise<Claimed> {
  const { rows } = await transaction.query<Row>(SELECT, [id]);
  const row = rows[0];
  if (!row) return nothing("there is no such message any more");
  const isRefused = row.state === "failed" && row.tries < mostTries;
  if (isRefused || row.state === "sent" || row.state === "withheld") {
    return nothing(`it is ${row.state} already`);
  }
  const mayHaveLeft = row.state === "leaving" || row.state === "unknown";
  const never = async (reason: string): Promise<Claimed> => {
    await settle(transaction, id, {
      state: mayHaveLeft ? "unknown" : "withheld",
      reason: mayHaveLeft ? `it may have left, and is not sent again: ${reason}` : reason,
    });
    return nothing(reason);
  };
  const later = async (until: Date, reason: string): Promise<Claimed> => {
    await transaction.query(
      `update campaigns.message set due_at = $2, is_held = false, reason = $3,
         state = case when state = 'failed' then 'queued' else state end,
         tries = case when state = 'failed' then 0 else tries end
       where id = $1`,
      [id, until, reason],
    );
    return nothing(reason);
  };
  const { spec, now } = row;
  if (!spec) return never("the campaign is gone");
  const declared = spec.channels[row.channel];
  if (!declared) return never("the campaign has no such channel any more");
  const channel = find(declared);

  if (await areProfilesBehind(transaction)) {
    return later(now, "what is known of people is behind the event log");
  }
  if (await isFeedbackBehind(transaction)) {
    return later(now, "what came back of mails is not taken yet");
  }
  const profile = await profileOf(transaction, row.person);
  if (!profile) return never("nobody is known by this id any more");
  const effect = effectOf(id, row, spec, declared, profile);
  if (row.state === "leaving") {
    const until = row.leftAt!.getTime() + LEFT_ALONE[channel?.isKeyed ? "keyed" : "other"];
    if (now.getTime() < until) return later(new Date(until), "another worker may be sending it");
  }
  if (!channel) {
    // What never may leave does not wait for a way out.
    const leave = await outboundAllowed(transaction, row.campaign, id);
    if (!leave.allowed && leave.isFinal) return never(leave.reason);
    return later(after(now, 60), `there is no way out for ${declared.kind} here`);
  }
  const seconds = rest.secondsLeft(declared);
  const leaveAlone = (): Promise<Claimed> =>
    later(after(now, seconds), "the other side asked to be left alone");
  if (mayHaveLeft && !channel.isKeyed) {
    if (!channel.ask) return never("nobody can be asked what became of it");
    if (seconds > 0) return leaveAlone();
    return taken(transaction, "ask", { id, channel, effect, cost: 0, leftAt: row.leftAt });
  }

  const leave = await outboundAllowed(transaction, row.campaign, id);
  if (!leave.allowed) {
    return leave.isFinal ? never(leave.reason) : later(now, leave.reason);
  }
  if (seconds > 0) return leaveAlone();
  // What was let out before is counted already.
  const cost = mayHaveLeft ? 0 : (declared.costPerThousand ?? 0) / 1000;
  const gate = await gateOf(transaction, id, { row, spec, profile, cost });
  if (gate.kind === "later") return later(gate.until, gate.why);
  if (gate.kind === "never") {
    if (gate.why !== "total budget") await audit(transaction, id, row, gate.why);
    return never(gate.why);
  }
  if (await isDoubled(transaction, id, row, profile)) {
    return never("the same person was sent it by another id");
  }
  if (cost > 0) await transaction.query(SPEND, [row.uid, spec.window.timeZone, cost]);
  const leftAt = mayHaveLeft ? row.leftAt : null;
  return taken(transaction, "send", { id, channel, effect, cost, leftAt });
}

function nothing(reason: string): Claimed {
  return { kind: "nothing", reason };
}

function after(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * SECOND);
}

/** Who a person's id stands for by now, with all that is known of them. */
async function profileOf(transaction: Transaction, person: string): Promise<Profile | undefined> {
  const { rows } = await transaction.query<{ who: string }>("select profiles.resolve($1) as who", [
    person,
  ]);
  return (await readProfiles(transaction, [rows[0]!.who]))[0];
}

function effectOf(
  id: string,
  { uid, campaign, person, variant, step, content }: Row,
  spec: CampaignSpec,
  channel: DeclaredChannel,
  profile: Profile,
): Omit<Effect, "signal"> {
  return {
    key: keyOf(uid, person, step),
    id,
    campaign,
    spec,
    step,
    variant,
    channel,
    content,
    locale: localeOf(spec, profile),
    person: profile,
  };
}

/** Whether a message may leave, as the database has it at this moment; others that count by the same caps wait meanwhile. */
async function gateOf(
  transaction: Transaction,
  id: string,
  {
    row: { uid, channel },
    spec,
    profile,
    cost,
  }: {
    readonly row: Row;
    readonly spec: CampaignSpec;
    readonly profile: Profile;
    readonly cost: number;
  },
): Promise<Gate> {
  await transaction.query(LOCK, [`person ${profile.person}`]);
  if (cost > 0) await transaction.query(LOCK, [`budget ${uid}`]);
  const { rows } = await transaction.query<{
    now: Date;
    lists: string[];
    earlier: Date[];
    spentToday: number;
    spentTotal: number;
    unsettled: number;
  }>(SITUATION, [id, uid, profile.ids, spec.window.timeZone, cost]);
  const { lists, ...situation } = rows[0]!;
  // Whether the campaign names these or not: who unsubscribed did so from everything, and whoever complained of a letter, or whose
  // address takes none, is sent no other.
  const isLetter = spec.channels[channel]!.kind === "email";
  const always: readonly MailFeedback[] = isLetter ? MAIL_FEEDBACK : ["unsubscribed"];
  if (always.some((list) => lists.includes(list)))
    return { kind: "never", why: "suppression list" };
  return mayLeave(spec, { ...situation, lists, consent: profile.consent, cost });
}

/** Whether another id of the same person was sent the same step, before it was known that these are one. */
async function isDoubled(
  transaction: Transaction,
  id: string,
  { uid, step }: Row,
  { ids }: Profile,
): Promise<boolean> {
  if (ids.length === 1) return false;
  const { rowCount } = await transaction.query(
    `select from campaigns.message
     where person = any($1) and left_at is not null and uid = $2 and step = $3 and id <> $4 limit 1`,
    [ids, uid, step, id],
  );
  return rowCount === 1;
}

async function taken(
  transaction: Transaction,
  kind: "send" | "ask",
  {
    id,
    channel,
    effect,
    cost,
    leftAt,
  }: {
    readonly id: string;
    readonly channel: Channel;
    readonly effect: Omit<Effect, "signal">;
    /** 0 if it is counted already. */
    readonly cost: number;
    readonly leftAt: Date | null;
  },
): Promise<Claimed> {
  const token = randomUUID();
  await transaction.query(
    `update campaigns.message set claim = $2, due_at = null,
       tries = case when state = 'failed' or (state = 'unknown' and settled_at is not null) then 1 else tries + 1 end,
       state = case when $3 then 'leaving' else 'unknown' end,
       left_at = case when $3 then clock_timestamp() else left_at end,
       cost = case when $4::float8 > 0 then $4 else cost end,
       spent_on = case when $4 > 0 then (now() at time zone $5)::date else spent_on end
     where id = $1`,
    [id, token, kind === "send", cost, effect.spec.window.timeZone],
  );
  return { kind, channel, effect, claim: token, leftAt };
}

/** Writes into the ledger that somebody's will held a message back; whose is in the message. */
async function audit(
  transaction: Transaction,
  id: string,
  { campaign, step }: Row,
  reason: string,
): Promise<void> {
  await recordChange(transaction, {
    kind: "campaign.withhold",
    campaign,
    key: id,
    details: { message: id, step, reason },
  });
}

const SELECT = `
  select message.uid, message.campaign, message.person, message.variant, message.step, message.channel, message.content,
    message.state, message.tries, message.left_at as "leftAt", clock_timestamp() as now,
    (select spec from campaigns.campaign where campaign.name = message.campaign and campaign.uid = message.uid) as spec
  from campaigns.message where id = $1 for update`;

const LOCK = "select pg_advisory_xact_lock(hashtextextended($1, 0))";

const SITUATION = `
  select clock_timestamp() as now,
    array(select distinct list from campaigns.suppression
      where who = any($3) or who = any(array(select events.erased_name(one) from unnest($3::text[]) as one))) as lists,
    array(select left_at from campaigns.message where person = any($3) and left_at is not null and id <> $1) as earlier,
    (select coalesce(sum(amount), 0)::float8 from campaigns.spent
     where uid = $2 and day = (now() at time zone $4)::date) as "spentToday",
    (select coalesce(sum(amount), 0)::float8 from campaigns.spent where uid = $2) as "spentTotal",
    (select coalesce(sum(cost), 0) from campaigns.message
     where uid = $2 and settled_at is null and cost > 0 and id <> $1)
    - $5::float8 * (select count(*) from campaigns.message
     where uid = $2 and state = 'queued' and reason = 'total budget' and id <> $1) as unsettled`;

// By the time of the transaction, as in the message.
const SPEND = `
  insert into campaigns.spent as known (uid, day, amount) values ($1, (now() at time zone $2)::date, $3)
  on conflict (uid, day) do update set amount = known.amount + excluded.amount`;
