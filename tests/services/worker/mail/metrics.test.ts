import { Registry } from "prom-client";
import { countMails } from "../../../../services/worker/mail/counts.ts";
import { addMailMetrics } from "../../../../services/worker/mail/metrics.ts";
import { letterCampaign, runCampaign } from "../campaigns/a-campaign.ts";
import { workerDatabase } from "../worker-database.ts";

const database = workerDatabase();

const told = async (registry: Registry): Promise<Record<string, number>> => {
  const lines = (await registry.metrics()).split("\n").filter((line) => /^mkt/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const [, outcome, count] = /campaign="greeting",outcome="(\w+)"} (\d+)$/.exec(line)!;
      return [outcome, Number(count)];
    }),
  );
};

test("what became of a campaign's mails is told from 0, also while the database is away", async () => {
  const registry = new Registry();
  addMailMetrics(registry, () => countMails(database.pool));
  await runCampaign(database.pool, { name: "greeting", spec: letterCampaign() });
  const none = {
    bounced: 0,
    complained: 0,
    failed: 0,
    sent: 0,
    unknown: 0,
    unsubscribed: 0,
    withheld: 0,
  };
  expect(await told(registry)).toEqual(none);

  const [first, second] = [
    "00000000-0000-8000-8000-000000000001",
    "00000000-0000-8000-8000-000000000002",
  ];
  await database.pool.query(
    `insert into campaigns.message (id, uid, campaign, person, variant, step, channel, kind, content, state)
     select id, 'u', 'greeting', 'user:' || id, 'letter', 'greet', 'letters', kind, 'welcome', state
     from (values ($1::uuid, 'email', 'sent'), ($2, 'email', 'sent'), (gen_random_uuid(), 'email', 'unknown'),
       (gen_random_uuid(), 'email', 'queued'), (gen_random_uuid(), 'chat', 'sent')) as one (id, kind, state)`,
    [first, second],
  );
  await database.pool.query(
    `insert into campaigns.feedback (message, kind, at) values ($1, 'unsubscribed', now()), ($1, 'complained', now()),
       (gen_random_uuid(), 'bounced', now())`,
    [first],
  );
  const counted = { ...none, sent: 2, unknown: 1, unsubscribed: 1, complained: 1 };
  expect(await told(registry)).toEqual(counted);
  await database.restart(async () => expect(await told(registry)).toEqual(counted));
});
