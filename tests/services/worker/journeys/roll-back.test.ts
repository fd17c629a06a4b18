import { readCampaigns } from "../../../../services/worker/campaigns/current.ts";
import { steerCampaigns } from "../../../../services/worker/experiments/steer.ts";
import { advanceJourneys } from "../../../../services/worker/journeys/advance.ts";
import { runCampaign } from "../campaigns/a-campaign.ts";
import { holdJourneys, hookCampaign } from "./held-journeys.ts";

const held = holdJourneys();
const { database, signUp, hooks, work } = held;

const spec = hookCampaign({
  content: {
    welcome: { type: "page", slug: "home" },
    loud: { type: "page", slug: "loud" },
  },
  variants: [
    { name: "quiet", percent: 50 },
    { name: "loud", percent: 50, content: { welcome: "loud" } },
  ],
  journey: {
    startsWith: "Signed Up",
    steps: [
      { name: "greet", send: { channel: "hook", content: "welcome" } },
      { name: "pause", wait: { hours: 1 } },
      { name: "remind", send: { channel: "hook", content: "welcome" } },
    ],
  },
  guardRails: [{ event: "Complained", harm: "more" }],
});

/** Other people, of whom those who were given the loud variant mind. */
async function othersMind(): Promise<void> {
  await database.pool.query(
    `insert into campaigns.exposure select 'greeting', 'user:other-' || n, case when n % 2 = 0 then 'quiet' else 'loud' end, now()
     from generate_series(1, 2000) as n`,
  );
  await database.pool.query(
    `insert into profiles.activity (person, name, day, count, first_at, last_at)
     select 'user:other-' || n, 'Complained', now()::date, 1, clock_timestamp(), clock_timestamp() from generate_series(1, 2000, 2) as n`,
  );
}

/** What the hook was told of each step since it was last asked. */
function told(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { body } of held.remote.taken.splice(0)) {
    const { data } = JSON.parse(body) as {
      data: { step: string; variant: string; content: string };
    };
    const what = `${data.step}: ${data.variant} ${data.content}`;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

test("a variant that harms is sent no more, also to those who were given it before", async () => {
  await runCampaign(database.pool, { name: "greeting", spec });
  await signUp(["ana", "bo", "carmen", "diego", "eva", "fran"]);
  await work(hooks());
  expect(told()).toEqual({ "greet: quiet welcome": 2, "greet: loud loud": 4 });
  // These wait to leave.
  await signUp(["gil", "hugo", "ines", "jon"]);
  await advanceJourneys(database.pool);
  await othersMind();
  await steerCampaigns(database.pool);
  expect((await readCampaigns(database.pool))[0]).toMatchObject({
    isHarmed: true,
    percents: { quiet: 100, loud: 0 },
  });
  await work(hooks());
  expect(told()).toEqual({ "greet: quiet welcome": 4 });
  await database.pool.query(
    "update campaigns.enrolment set since = since - interval '2 hours', due_at = clock_timestamp() where due_at is not null",
  );
  await work(hooks());
  expect(told()).toEqual({ "remind: quiet welcome": 10 });
});
