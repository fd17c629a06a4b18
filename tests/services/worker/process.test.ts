import { waitFor } from "../../../local/wait.ts";
import { startService } from "../service-process.ts";
import { dueOf, openWorkerStand, pageOf, type WorkerStand } from "./worker-stand.ts";

let stand: WorkerStand;
beforeEach(async () => {
  stand = await openWorkerStand();
}, 60_000);
afterEach(() => stand.stop(), 60_000);

test("a publication told twice is in the ledger once and told to the chat once", async () => {
  const worker = await stand.start();
  expect((await stand.publish(worker, "home")).status).toBe(202);
  expect((await stand.publish(worker, "home")).status).toBe(202);
  await told(1);
  // Anything sent twice would have been picked up before this one.
  await stand.publish(worker, "last");
  await told(2);
  expect(stand.outside.messages).toEqual([
    'page "home" (home, en) was published',
    'page "last" (last, en) was published',
  ]);
  expect(await stand.subjects()).toEqual(["page/home/en", "page/last/en"]);
}, 60_000);

test("a publication told again after the queue has forgotten it is not told to the chat again", async () => {
  const worker = await stand.start();
  await stand.publish(worker, "home");
  await told(1);
  await waitFor("both jobs to end", 20, async () => {
    const { rowCount } = await stand.database.admin.query(
      "delete from jobs.job where name in ('record-publication', 'notify-chat') and state = 'completed'",
    );
    const { rows } = await stand.database.admin.query(
      "select 1 from jobs.job where name in ('record-publication', 'notify-chat')",
    );
    return rowCount === 0 && rows.length === 0 ? true : undefined;
  });
  await stand.publish(worker, "home");
  await stand.publish(worker, "last");
  await told(2);
  expect(stand.outside.messages[1]).toBe('page "last" (last, en) was published');
  const metrics = await (await fetch(`${worker.url}/metrics`)).text();
  expect(metrics).toContain('cms_publish_total{site="default",result="ok",service="worker"} 2');
}, 60_000);

test("a publication whose webhook was lost is found in the CMS, and what is scheduled there is carried out", async () => {
  await stand.start();
  stand.outside.entries.push(pageOf("lost"));
  stand.outside.due.push(dueOf("spring"), dueOf("summer"));
  await waitFor(
    "the lost publication",
    90,
    async () => (await stand.subjects()).length > 0 || undefined,
  );
  expect(await stand.subjects()).toEqual(["page/lost/en"]);
  await waitFor("the schedule", 90, async () => stand.outside.due.length === 0 || undefined);
}, 200_000);

test("a job that the chat refuses is a dead letter at once, with its reason, and counted", async () => {
  stand.outside.chat = { status: 404 };
  const worker = await stand.start();
  await stand.publish(worker, "home");
  await waitFor("the dead letter", 30, async () => {
    const text = await (await fetch(`${worker.url}/metrics`)).text();
    return (
      text.includes('queue_dead_letter_messages{queue="notify-chat",service="worker"} 1') ||
      undefined
    );
  });
  const { rows } = await stand.database.admin.query(
    "select name, source_name, data->>'slug' as slug, source_output from jobs.job where name like '%-dead'",
  );
  expect(rows).toEqual([
    {
      name: "notify-chat-dead",
      source_name: "notify-chat",
      slug: "home",
      source_output: { reason: "chat answered 404" },
    },
  ]);
  expect(stand.outside.askedAt).toHaveLength(1);
  expect(await stand.subjects()).toEqual(["page/home/en"]);
}, 60_000);

test("a chat that limits the rate is asked again, and not before it said", async () => {
  stand.outside.chat = { status: 429, headers: { "retry-after": "4" } };
  const worker = await stand.start();
  await stand.publish(worker, "home");
  await waitFor(
    "the chat to be asked",
    20,
    async () => stand.outside.askedAt.length > 0 || undefined,
  );
  expect(await stand.subjects()).toEqual(["page/home/en"]);
  await waitFor("the waiting job's age in the metrics", 20, async () => {
    const text = await (await fetch(`${worker.url}/metrics`)).text();
    const age = /^queue_oldest_message_age_seconds\{queue="notify-chat".*\} (.+)$/m.exec(text);
    return Number(age![1]) > 0 ? true : undefined;
  });
  stand.outside.chat = "take";
  await told(1);
  const [first, second] = stand.outside.askedAt;
  expect(second! - first!).toBeGreaterThan(3_900);
}, 60_000);

test("a worker whose connections are all terminated continues by itself", async () => {
  const worker = await stand.start();
  await stand.database.admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'worker'",
  );
  await waitFor("a publication after that", 30, async () =>
    (await stand.publish(worker, "home")).status === 202 ? true : undefined,
  );
  await told(1);
  expect(await stand.subjects()).toEqual(["page/home/en"]);
}, 90_000);

test("PostgreSQL restarted under load loses nothing that was answered with 202", async () => {
  const worker = await stand.start();
  const slugs = Array.from({ length: 20 }, (_, i) => `before-${String(i).padStart(2, "0")}`);
  const answers = await Promise.all(slugs.map((slug) => stand.publish(worker, slug)));
  expect(answers.map(({ status }) => status)).toEqual(slugs.map(() => 202));
  await stand.database.restart(async () => {
    const refused = await stand.publish(worker, "meanwhile");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    expect((await fetch(`${worker.url}/healthz/ready`)).status).toBe(503);
    expect((await fetch(`${worker.url}/healthz/live`)).status).toBe(200);
  });
  const expected = slugs.map((slug) => `page/${slug}/en`);
  await waitFor("all of them in the ledger", 60, async () =>
    (await stand.subjects()).length >= slugs.length ? true : undefined,
  );
  expect(await stand.subjects()).toEqual(expected);
  await waitFor("all of them in the chat", 60, async () =>
    new Set(stand.outside.messages).size >= slugs.length ? true : undefined,
  );
}, 150_000);

test("a worker that starts while PostgreSQL is down is live, not ready, and begins when it is back", async () => {
  let worker = await stand.start();
  await worker.end("SIGTERM");
  await stand.database.restart(async () => {
    worker = await stand.launch();
    await waitFor(
      "liveness",
      20,
      async () => (await fetch(`${worker.url}/healthz/live`)).ok || undefined,
    );
    expect((await fetch(`${worker.url}/healthz/ready`)).status).toBe(503);
    expect((await stand.publish(worker, "home")).status).toBe(503);
  });
  await waitFor(
    "readiness",
    30,
    async () => (await fetch(`${worker.url}/healthz/ready`)).ok || undefined,
  );
  await stand.publish(worker, "home");
  await told(1);
}, 90_000);

test("SIGTERM ends it with exit code 0 after the running job, and webhooks are enqueued meanwhile", async () => {
  const { outside } = stand;
  outside.chat = "hold";
  const worker = await stand.start();
  await stand.publish(worker, "home");
  await waitFor("the job in the chat", 20, async () => outside.held.length > 0 || undefined);
  const ended = worker.end("SIGTERM");
  await waitFor("readiness to say no", 10, async () =>
    (await fetch(`${worker.url}/healthz/ready`)).status === 503 ? true : undefined,
  );
  expect((await stand.publish(worker, "late")).status).toBe(202);
  outside.held[0]!.end("ok");
  expect(await ended).toBe(0);
  const { rows } = await stand.database.admin.query(
    "select name, data->>'slug' as slug, state from jobs.job where name in ('record-publication', 'notify-chat') order by 1 desc, 2",
  );
  expect(rows).toEqual([
    { name: "record-publication", slug: "home", state: "completed" },
    { name: "record-publication", slug: "late", state: "created" },
    { name: "notify-chat", slug: "home", state: "completed" },
  ]);
}, 60_000);

test("SIGTERM ends it with exit code 0 while PostgreSQL is down", async () => {
  const worker = await stand.start();
  await stand.database.restart(async () => expect(await worker.end("SIGTERM")).toBe(0));
}, 60_000);

test("fails at once on a wrong configuration, naming the variable", async () => {
  const worker = startService(stand.bundle, { PORT: "http" });
  expect(await worker.ended()).toBe(1);
  expect(worker.output()).toContain('PORT must be a whole number from 1 to 65535, got "http"');
}, 60_000);

async function told(messages: number): Promise<void> {
  await waitFor(`${messages} messages in the chat`, 30, async () =>
    stand.outside.messages.length >= messages ? true : undefined,
  );
}
