import { waitFor } from "../../../../local/wait.ts";
import type { CampaignSpec } from "../../../../services/contract/campaign.ts";
import { openConnectors } from "../../../../services/worker/connectors/open.ts";
import { advanceJourneys } from "../../../../services/worker/journeys/advance.ts";
import type { Channel, Effect, Outcome } from "../../../../services/worker/journeys/channel.ts";
import { courier, type Courier } from "../../../../services/worker/journeys/deliver.ts";
import { dispatchMessages } from "../../../../services/worker/journeys/dispatch.ts";
import { enterPeople } from "../../../../services/worker/journeys/enter.ts";
import { ways } from "../../../../services/worker/journeys/ways.ts";
import { followLog } from "../../../../services/worker/profiles/follow.ts";
import { keepLooking, letterCampaign } from "../campaigns/a-campaign.ts";
import { startRemote, type Remote } from "../connectors/remote.ts";
import { sent, storeEvents, type Sent } from "../event-log.ts";
import { workerDatabase, type SharedDatabase } from "../worker-database.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

/** Minutes at which events happen that let somebody in: after the campaign's window has opened. */
export const FRESH = 600_000;

/** One step, which tells the hook. */
export const greet = [{ name: "greet", send: { channel: "hook", content: "welcome" } }];

/** A campaign's journey of two steps. */
export const twoSteps: Partial<CampaignSpec> = {
  journey: {
    startsWith: "Signed Up",
    steps: [
      ...greet,
      { name: "remind", send: { channel: "hook", content: "welcome" } },
      { name: "over", end: "reminded" },
    ],
  },
};

/** A campaign that tells a hook of everybody who signs up, with changes. */
export function hookCampaign(changes: Partial<CampaignSpec> = {}): CampaignSpec {
  return letterCampaign({
    channels: { hook: { kind: "webhook", secret: "hook" } },
    journey: { startsWith: "Signed Up", steps: greet },
    ...changes,
  });
}

/** Journeys that a test moves on by hand, on a database of their own, and a hook that is told. */
export interface HeldJourneys {
  readonly database: SharedDatabase;
  /** The other side of the hook. */
  readonly remote: Remote;
  /** Stores events, and lets people in by them. */
  store(events: readonly Sent[]): Promise<void>;
  signUp(people: readonly string[]): Promise<void>;
  /** A courier to the hook, which knows keys. */
  hooks(): Courier;
  /** A courier by a channel that knows no key. */
  channelOf(
    send: (effect: Effect) => Promise<Outcome>,
    ask?: (effect: Effect, since: Date) => Promise<Outcome>,
  ): Courier & { readonly effects: readonly Effect[] };
  /** Messages that are given to the queue now. */
  dispatched(): Promise<string[]>;
  /** Does everything that is due now, until there is nothing more, messages shared out over couriers. */
  work(...couriers: Courier[]): Promise<void>;
  /** People whom the hook was told of. */
  receivers(): string[];
  /** All messages, by person. */
  messages(): Promise<{ person: string; state: string; reason: string }[]>;
  /** How many people came to the end, by why. */
  ended(): Promise<Record<string, number>>;
  /** What all campaigns have spent. */
  spent(): Promise<number>;
}

/** Holds them for the tests of a file; each begins with nothing. */
export function holdJourneys(): HeldJourneys {
  const database = workerDatabase();
  keepLooking(database);
  let remote: Remote;
  beforeAll(async () => {
    remote = await startRemote();
  });
  afterAll(() => remote.stop());
  beforeEach(async () => {
    const { rows } = await database.admin.query<{ name: string }>(
      `select string_agg(format('%I.%I', schemaname, tablename), ', ') as name from pg_tables
       where schemaname in ('campaigns', 'profiles', 'ledger') and tablename not in ('outbound', 'progress', 'feedback_progress')`,
    );
    await database.admin.query(`truncate events.event, events.refusal, ${rows[0]!.name}`);
    remote.taken.length = 0;
    remote.answer = () => ({ status: 200 });
  });
  const store: HeldJourneys["store"] = async (events) => {
    await storeEvents(database.admin, events);
    await waitFor("the events in the profiles", 20, async () => {
      const { events: taken } = await followLog(database.pool, (people, transaction) =>
        enterPeople(transaction, people),
      );
      return taken >= events.length ? true : undefined;
    });
  };
  const dispatched: HeldJourneys["dispatched"] = async () => {
    const given: string[] = [];
    await dispatchMessages(database.pool, async (jobs) => {
      given.push(...jobs.map(({ message }) => message));
    });
    return given.sort();
  };
  return {
    database,
    get remote() {
      return remote;
    },
    store,
    signUp: (people) =>
      store(
        people.map((userId) =>
          sent({ name: "Signed Up", userId, consent: ["email"], minute: FRESH }),
        ),
      ),
    hooks() {
      const connectors = openConnectors(
        { hook: { kind: "webhook", url: remote.url, signingSecret: SECRET } },
        async () => undefined,
      );
      return courier(database.pool, ways(connectors, {}));
    },
    channelOf(send, ask) {
      const effects: Effect[] = [];
      const channel: Channel = {
        isKeyed: false,
        send: (effect) => {
          effects.push(effect);
          return send(effect);
        },
        ...(ask && { ask }),
      };
      return { ...courier(database.pool, ways(new Map([["hook", channel]]), {})), effects };
    },
    dispatched,
    async work(...couriers) {
      for (let idle = 0; idle < 2;) {
        await advanceJourneys(database.pool);
        const given = await dispatched();
        idle = given.length === 0 ? idle + 1 : 0;
        // As after a take-over, each job runs in two workers at the same time.
        await Promise.all(
          given.flatMap((id, i) =>
            [i, i + 1].map((nth) => couriers[nth % couriers.length]!.deliver(id)),
          ),
        );
      }
    },
    receivers: () =>
      remote.taken
        .map(
          ({ body }) => (JSON.parse(body) as { data: { person: { id: string } } }).data.person.id,
        )
        .sort(),
    async messages() {
      const { rows } = await database.pool.query<{ person: string; state: string; reason: string }>(
        'select person, state, reason from campaigns.message order by person collate "C", queued_at',
      );
      return rows;
    },
    async ended() {
      const { rows } = await database.pool.query<{ reason: string; people: number }>(
        "select reason, count(*)::int as people from campaigns.enrolment where ended_at is not null group by 1",
      );
      return Object.fromEntries(rows.map(({ reason, people }) => [reason, people]));
    },
    async spent() {
      const { rows } = await database.pool.query<{ amount: number }>(
        "select sum(amount)::float8 as amount from campaigns.spent",
      );
      return rows[0]!.amount;
    },
  };
}
