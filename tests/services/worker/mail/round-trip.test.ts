import { waitFor } from "../../../../local/wait.ts";
import { emailTemplates } from "../../../../services/cms/src/seed/email-templates.ts";
import type { CampaignSpec } from "../../../../services/contract/campaign.ts";
import { smtpServer } from "../../../../services/contract/smtp-url.ts";
import { countArms } from "../../../../services/worker/experiments/count.ts";
import { advanceJourneys } from "../../../../services/worker/journeys/advance.ts";
import { courier } from "../../../../services/worker/journeys/deliver.ts";
import { dispatchMessages } from "../../../../services/worker/journeys/dispatch.ts";
import { enterPeople } from "../../../../services/worker/journeys/enter.ts";
import { ways } from "../../../../services/worker/journeys/ways.ts";
import { countMails } from "../../../../services/worker/mail/counts.ts";
import { takeFeedback } from "../../../../services/worker/mail/feedback.ts";
import { openMail, type Mail } from "../../../../services/worker/mail/open.ts";
import { followLog } from "../../../../services/worker/profiles/follow.ts";
import { inTransaction } from "../../../../services/worker/transaction.ts";
import { MAIL_KEY, openApp } from "../../collector/open-app.ts";
import { keepLooking, letterCampaign, runCampaign } from "../campaigns/a-campaign.ts";
import { sent, storeEvents } from "../event-log.ts";
import { workerDatabase } from "../worker-database.ts";
import { startMailServer, type MailServer } from "./mail-server.ts";

/** Minutes at which events happen that let somebody in: after the campaign's window has opened. */
const FRESH = 600_000;

const database = workerDatabase();
keepLooking(database);
let server: MailServer;
let mail: Mail;
beforeAll(async () => {
  server = await startMailServer();
  mail = openMail(
    {
      smtp: smtpServer(`smtp+plain://127.0.0.1:${server.port}`)!,
      linkKey: MAIL_KEY,
      collectorUrl: "https://events.example",
      siteUrl: "https://shop.example",
    },
    {
      entry: async (_model, _slug, locale) => emailTemplates[0]!.localized[locale as "en"],
      published: async () => [],
      publishedSince: async () => [],
    },
  );
}, 60_000);
afterAll(async () => {
  mail.close();
  await server.stop();
});

/** A campaign of two letters, one right after the other. */
function twoLetters(startsWith: string): CampaignSpec {
  const letter = (name: string) => ({ name, send: { channel: "letters", content: "welcome" } });
  return letterCampaign({
    suppressionLists: ["bounced"],
    journey: { startsWith, steps: [letter("greet"), letter("remind")] },
  });
}

/** Has people whose address is known do what lets them in. */
async function come(name: string, people: readonly string[]): Promise<void> {
  const consent = ["analytics", "email"];
  await storeEvents(
    database.admin,
    people.flatMap((userId) => {
      const properties = { email: `${userId}@example.com`, firstName: userId };
      return [
        sent({ type: "identify", userId, properties, consent, minute: FRESH }),
        sent({ name, userId, consent, minute: FRESH + 1 }),
      ];
    }),
  );
  await follow(2 * people.length);
}

/** Sends what is due now; a message that it leads to is due afterwards. */
async function work(): Promise<void> {
  const { deliver } = courier(database.pool, ways(new Map(), { email: mail.channel }));
  await advanceJourneys(database.pool);
  const given: string[] = [];
  await dispatchMessages(database.pool, async (jobs) => {
    given.push(...jobs.map(({ message }) => message));
  });
  await Promise.all(given.map(deliver));
}

/** What became of a campaign's messages. */
async function messages(campaign: string): Promise<object[]> {
  const { rows } = await database.pool.query<object>(
    "select person, step, state, reason from campaigns.message where campaign = $1 order by person, step",
    [campaign],
  );
  return rows;
}

/** Takes everything that is stored into the profiles. */
async function follow(people: number): Promise<void> {
  let taken = 0;
  await waitFor("the events in the profiles", 20, async () => {
    const step = await followLog(database.pool, (some, transaction) =>
      enterPeople(transaction, some),
    );
    taken += step.events;
    return taken >= people ? true : undefined;
  });
}

test("who clicks on the link in a letter gets no other one, and who does not click does", async () => {
  await runCampaign(database.pool, { name: "greeting", spec: twoLetters("Signed Up") });
  await come("Signed Up", ["ana", "eva"]);
  await work();
  const subjects = server.taken.map(({ to, mail: { subject } }) => `${to.join()}: ${subject}`);
  expect(subjects.sort()).toEqual([
    "ana@example.com: Welcome to Olivar Luz, ana",
    "eva@example.com: Welcome to Olivar Luz, eva",
  ]);

  const anas = server.taken.find(({ to }) => to[0] === "ana@example.com")!;
  const [, header] = /^List-Unsubscribe: <(.*)>\r$/m.exec(anas.raw.replaceAll("\r\n ", " "))!;
  const { pathname } = new URL(header!.trim());
  expect(anas.mail.html).toContain(`https://events.example${pathname}"`);
  const collector = await openApp();
  expect((await collector.post(pathname, "List-Unsubscribe=One-Click", {})).status).toBe(200);
  const { events } = await collector.kept();
  await database.admin.query(
    `insert into events.event (source, id, type, name, occurred_at, received_at, context, properties, consent)
     select source, id, type, name, "occurredAt", "receivedAt", context, properties, '{}'
     from jsonb_to_recordset($1) as one (source text, id text, type text, name text, "occurredAt" timestamptz,
       "receivedAt" timestamptz, context jsonb, properties jsonb)`,
    [JSON.stringify(events)],
  );
  await takeFeedback(database.pool);
  await follow(0);

  await work();
  await work();
  expect(server.taken.map(({ to }) => to.join()).sort()).toEqual([
    "ana@example.com",
    "eva@example.com",
    "eva@example.com",
  ]);
  expect(await messages("greeting")).toEqual([
    { person: "user:ana", step: "greet", state: "sent", reason: "" },
    { person: "user:ana", step: "remind", state: "withheld", reason: "suppression list" },
    { person: "user:eva", step: "greet", state: "sent", reason: "" },
    { person: "user:eva", step: "remind", state: "sent", reason: "" },
  ]);
});

test("whose address a mail server refuses gets no other letter, and guard rails hear of it; for a moment is another matter", async () => {
  await runCampaign(database.pool, { name: "club", spec: twoLetters("Joined") });
  await come("Joined", ["bo", "cy"]);
  server.recipient = (address) =>
    address === "bo@example.com"
      ? { code: 550, says: "5.1.1 user unknown" }
      : { code: 450, says: "4.2.1 busy" };
  await work();
  expect((await messages("club")).slice(1)).toEqual([
    {
      person: "user:cy",
      step: "greet",
      state: "queued",
      reason: "the mail server answered 450 4.2.1",
    },
  ]);
  server.recipient = () => undefined;
  await database.pool.query(
    "update campaigns.message set due_at = clock_timestamp() where state = 'queued'",
  );
  await work();
  await work();
  expect(await messages("club")).toEqual([
    {
      person: "user:bo",
      step: "greet",
      state: "failed",
      reason: "the mail server answered 550 5.1.1",
    },
    { person: "user:bo", step: "remind", state: "withheld", reason: "suppression list" },
    { person: "user:cy", step: "greet", state: "sent", reason: "" },
    { person: "user:cy", step: "remind", state: "sent", reason: "" },
  ]);
  const { rows } = await database.pool.query(
    "select list, who, reason from campaigns.suppression where list = 'bounced'",
  );
  expect(rows).toEqual([{ list: "bounced", who: "user:bo", reason: "a mail of campaign club" }]);
  const arms = await inTransaction(database.pool, (transaction) =>
    countArms(transaction, {
      campaign: "club",
      variants: [{ name: "letter", share: 1 }],
      events: ["Letter Bounced"],
      withinDays: 1,
      from: new Date(0),
    }),
  );
  expect(arms.get("Letter Bounced")).toEqual([
    { variant: "letter", share: 1, exposed: 2, converted: 1 },
  ]);
  const counts = await countMails(database.pool);
  expect(
    counts.flatMap(({ campaign, outcome, mails }) =>
      campaign === "club" && mails > 0 ? [`${outcome} ${mails}`] : [],
    ),
  ).toEqual(["bounced 1", "failed 1", "sent 2", "withheld 1"]);
});
