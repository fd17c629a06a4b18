import { Registry } from "prom-client";
import { addMessageMetrics, countMessages } from "../../../services/worker/message-metrics.ts";
import { letterCampaign, runCampaign } from "./campaigns/a-campaign.ts";
import { workerDatabase } from "./worker-database.ts";

const database = workerDatabase();

/** Counts that are not 0 as `<channel> <outcome> [<reason>]`, and how many are told in all. */
async function told(registry: Registry): Promise<{ counts: Record<string, number>; all: number }> {
  const lines = (await registry.metrics()).split("\n").filter((line) => /^mkt/.test(line));
  const counts = lines.map((line) => {
    const [, channel, outcome, reason = "", count] =
      /^mkt_messages_total\{campaign="greeting",channel="(\w+)",outcome="(\w+)"(?:,reason="([\w ]+)")?\} (\d+)$/.exec(
        line,
      )!;
    return [`${channel} ${outcome} ${reason}`.trim(), Number(count)] as const;
  });
  return {
    counts: Object.fromEntries(counts.filter(([, count]) => count > 0)),
    all: lines.length,
  };
}

test("what became of a campaign's messages is told by channel from 0, also while the database is away", async () => {
  const registry = new Registry();
  addMessageMetrics(registry, () =>
    countMessages(database.pool, { "team-chat": "slack", sales: "salesforce" }),
  );
  const spec = letterCampaign({
    channels: {
      letters: { kind: "email", from: "luis@olivarluz.example" },
      team: { kind: "chat", secret: "team-chat" },
      others: { kind: "chat", secret: "gone" },
      post: { kind: "crm", secret: "sales" },
      site: { kind: "web" },
    },
  });
  await runCampaign(database.pool, { name: "greeting", spec });
  // Three outcomes, and one with four reasons, of four ways out.
  expect(await told(registry)).toEqual({ counts: {}, all: 28 });

  await database.pool.query(
    `insert into campaigns.message (id, uid, campaign, person, variant, step, channel, kind, content, state, reason)
     select gen_random_uuid(), 'u', 'greeting', 'user:u', 'letter', 'greet', channel, kind, 'welcome', state, reason
     from (values ('letters', 'email', 'sent', ''), ('letters', 'email', 'sent', ''),
       ('letters', 'email', 'failed', 'the mail server answered 550'), ('letters', 'email', 'queued', 'quiet hours'),
       ('letters', 'email', 'withheld', 'consent'), ('letters', 'email', 'withheld', 'suppression list'),
       ('letters', 'email', 'withheld', 'the campaign is stopped'), ('letters', 'email', 'withheld', 'the campaign is gone'),
       ('team', 'chat', 'sent', ''), ('team', 'chat', 'leaving', ''), ('others', 'chat', 'unknown', 'no answer'),
       ('post', 'crm', 'withheld', 'total budget'), ('of before', 'webhook', 'sent', '')
     ) as one (channel, kind, state, reason)`,
  );
  const counted = {
    counts: {
      "chat unknown": 1,
      "email failed": 1,
      "email sent": 2,
      "email withheld consent": 1,
      "email withheld other": 2,
      "email withheld suppression list": 1,
      "salesforce withheld total budget": 1,
      "slack sent": 1,
      "webhook sent": 1,
    },
    all: 29,
  };
  expect(await told(registry)).toEqual(counted);
  await database.restart(async () => expect(await told(registry)).toEqual(counted));
});
