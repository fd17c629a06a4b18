import { pino } from "pino";
import type { Cms } from "../../../../services/worker/cms.ts";
import { ok } from "../../../../services/worker/outcome.ts";
import { publicationOf, type Publication } from "../../../../services/worker/publication.ts";
import type { TaskContext } from "../../../../services/worker/task.ts";
import reconcilePublications from "../../../../services/worker/tasks/reconcile-publications.ts";
import { postgresWatermarks } from "../../../../services/worker/watermarks.ts";
import { workerDatabase } from "../worker-database.ts";

const database = workerDatabase();
let published: Publication[];
let enqueued: string[];

beforeEach(async () => {
  await database.admin.query("truncate ledger.watermark");
  published = [];
  enqueued = [];
});

test("a page that was lost before one that came by webhook is found", async () => {
  publish("first", "2026-11-01T10:00:00Z");
  await reconcile();
  // The worker was away for two hours; then a webhook came, and only then this job ran.
  publish("lost", "2026-11-01T11:00:00Z");
  publish("told", "2026-11-01T12:00:00Z");
  enqueued = [];
  expect(await reconcile()).toEqual(ok);
  expect(enqueued).toEqual(expect.arrayContaining(["lost", "told"]));
});

test("a page that becomes visible with an earlier date than the newest is found", async () => {
  publish("newest", "2026-11-01T10:05:00Z");
  await reconcile();
  publish("slow", "2026-11-01T10:00:00Z");
  await reconcile();
  expect(enqueued).toContain("slow");
});

test("what was found long before is not looked at again", async () => {
  publish("old", "2026-11-01T10:00:00Z");
  publish("new", "2026-11-01T12:00:00Z");
  await reconcile();
  enqueued = [];
  await reconcile();
  expect(enqueued).toEqual(["new"]);
});

test("a page dated in the future does not hide what is published until then", async () => {
  publish("future", "2999-01-01T00:00:00Z");
  await reconcile();
  publish("now", new Date().toISOString());
  await reconcile();
  expect(enqueued).toContain("now");
});

test("fails without moving on when something cannot be enqueued", async () => {
  publish("home", "2026-11-01T10:00:00Z");
  await expect(
    reconcile({ recordPublication: () => Promise.reject(new Error("database is away")) }),
  ).rejects.toThrow("database is away");
  await reconcile();
  expect(enqueued).toEqual(["home"]);
});

function publish(slug: string, publishedAt: string): void {
  published.push(publicationOf("publish", "page", { documentId: slug, slug }, publishedAt)!);
  published.sort((a, b) => a.occurredAt.localeCompare(b.occurredAt));
}

function reconcile(changed: Partial<TaskContext> = {}) {
  const cms: Cms = {
    publishedSince: async (model, since) =>
      published.filter((one) => one.model === model && one.occurredAt >= since.toISOString()),
    published: async () => [],
    entry: async () => undefined,
  };
  return reconcilePublications({}, {
    cms,
    watermarks: postgresWatermarks(database.pool),
    recordPublication: async ({ slug }: Publication) => void enqueued.push(slug),
    log: pino({ level: "silent" }),
    ...changed,
  } as TaskContext);
}
