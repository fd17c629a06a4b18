import pg from "pg";
import { waitFor } from "../../../../local/wait.ts";
import { emailTemplates } from "../../../../services/cms/src/seed/email-templates.ts";
import { smtpServer } from "../../../../services/contract/smtp-url.ts";
import { advanceJourneys } from "../../../../services/worker/journeys/advance.ts";
import { courier } from "../../../../services/worker/journeys/deliver.ts";
import { dispatchMessages } from "../../../../services/worker/journeys/dispatch.ts";
import { enterPeople } from "../../../../services/worker/journeys/enter.ts";
import { ways } from "../../../../services/worker/journeys/ways.ts";
import { takeFeedback } from "../../../../services/worker/mail/feedback.ts";
import { openMail } from "../../../../services/worker/mail/open.ts";
import { followLog } from "../../../../services/worker/profiles/follow.ts";
import { MAIL_KEY, openApp } from "../../collector/open-app.ts";
import { letterCampaign, runCampaign } from "../campaigns/a-campaign.ts";
import { sent, storeEvents } from "../event-log.ts";
import { startWorkerDatabase, type WorkerDatabase } from "../worker-database.ts";
import { startMailServer, type MailServer } from "./mail-server.ts";

/** Minutes at which events happen that let somebody in: after the campaign's window has opened. */
const FRESH = 600_000;

let database: WorkerDatabase;
let pool: pg.Pool;
let server: MailServer;
beforeAll(async () => {
  database = await startWorkerDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 10 });
  pool.on("error", () => undefined);
  server = await startMailServer();
}, 60_000);
afterAll(async () => {
  await server.stop();
  await pool.end();
  await database.stop();
});

/** Takes everything that is stored into the profiles. */
async function follow(people: number): Promise<void> {
  let taken = 0;
  await waitFor("the events in the profiles", 20, async () => {
    const step = await followLog(pool, (some, transaction) => enterPeople(transaction, some));
    taken += step.events;
    return taken >= people ? true : undefined;
  });
}

test("who clicks on the link in a letter gets no other one, and who does not click does", async () => {
  const mail = openMail(
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
  const { deliver } = courier(pool, ways(new Map(), { email: mail.channel }));
  /** Sends what is due now; a message that it leads to is due afterwards. */
  const work = async (): Promise<void> => {
    await advanceJourneys(pool);
    const given: string[] = [];
    await dispatchMessages(pool, async (jobs) => {
      given.push(...jobs.map(({ message }) => message));
    });
    await Promise.all(given.map(deliver));
  };
  const letter = (name: string) => ({ name, send: { channel: "letters", content: "welcome" } });
  const steps = [letter("greet"), letter("remind")];
  const spec = letterCampaign({ journey: { startsWith: "Signed Up", steps } });
  await runCampaign(pool, { name: "greeting", spec });
  const consent = ["analytics", "email"];
  await storeEvents(
    database.admin,
    ["ana", "eva"].flatMap((userId) => {
      const properties = { email: `${userId}@example.com`, firstName: userId };
      return [
        sent({ type: "identify", userId, properties, consent, minute: FRESH }),
        sent({ name: "Signed Up", userId, consent, minute: FRESH + 1 }),
      ];
    }),
  );
  await follow(4);

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
  await takeFeedback(pool);
  await follow(0);

  await work();
  await work();
  expect(server.taken.map(({ to }) => to.join()).sort()).toEqual([
    "ana@example.com",
    "eva@example.com",
    "eva@example.com",
  ]);
  const { rows } = await pool.query(
    "select person, step, state, reason from campaigns.message order by person, step",
  );
  expect(rows).toEqual([
    { person: "user:ana", step: "greet", state: "sent", reason: "" },
    { person: "user:ana", step: "remind", state: "withheld", reason: "suppression list" },
    { person: "user:eva", step: "greet", state: "sent", reason: "" },
    { person: "user:eva", step: "remind", state: "sent", reason: "" },
  ]);
  mail.close();
});
