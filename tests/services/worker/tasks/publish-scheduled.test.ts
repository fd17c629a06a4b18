import { pino } from "pino";
import { postgresLedger } from "../../../../services/worker/ledger.ts";
import { ok } from "../../../../services/worker/outcome.ts";
import { restSchedule } from "../../../../services/worker/schedule.ts";
import type { TaskContext } from "../../../../services/worker/task.ts";
import publishScheduled from "../../../../services/worker/tasks/publish-scheduled.ts";
import { startSchedulingCms, type Scheduled, type SchedulingCms } from "../scheduling-cms.ts";
import { workerDatabase } from "../worker-database.ts";

const database = workerDatabase();
let cms: SchedulingCms;

beforeEach(async () => {
  await database.admin.query("truncate ledger.change");
  cms = await startSchedulingCms("token");
});
afterEach(() => cms.stop());

/** Schedules a page. */
function schedule(slug: string, at: string, action: Scheduled["action"] = "publish"): void {
  const change = { action, uid: "api::page.page", documentId: `doc-${slug}`, locale: "en", slug };
  cms.scheduled.push({ ...change, at: new Date(at).toISOString() });
}

/** One job, when the CMS's clock shows a time. */
function runAt(time: string, token = "token") {
  cms.now = new Date(time);
  return publishScheduled({}, {
    schedule: restSchedule(cms.url, token),
    ledger: postgresLedger(database.pool),
    log: pino({ level: "silent" }),
  } as TaskContext);
}

async function rows(): Promise<object[]> {
  const found = await database.admin.query(
    "select kind, subject, actor, details from ledger.change order by subject, kind",
  );
  return found.rows;
}

test("what is due is published and taken back, in the order of its times, and nothing before", async () => {
  schedule("summer", "2027-06-01T08:00:00Z");
  schedule("spring", "2027-05-31T22:00:00Z", "unpublish");
  schedule("autumn", "2027-09-01T08:00:00Z");
  expect(await runAt("2027-05-31T21:59:59.999Z")).toEqual(ok);
  expect(cms.done).toEqual([]);
  expect(await runAt("2027-06-01T08:00:00Z")).toEqual(ok);
  expect(cms.done).toEqual(["unpublish spring", "publish summer"]);
  expect(cms.scheduled.map(({ slug }) => slug)).toEqual(["autumn"]);
});

test("the night in which an hour comes twice, and clocks that jump, do everything once", async () => {
  // Clocks in Madrid show 02:30 at both.
  schedule("first", "2027-10-31T00:30:00Z");
  schedule("second", "2027-10-31T01:30:00Z");
  await runAt("2027-10-31T00:30:20Z");
  expect(cms.done).toEqual(["publish first"]);
  await runAt("2027-10-30T23:30:00Z");
  await runAt("2027-10-31T00:30:30Z");
  expect(cms.done).toEqual(["publish first"]);
  await runAt("2027-11-01T00:00:00Z");
  await runAt("2027-10-31T01:30:10Z");
  await runAt("2027-11-01T00:00:00Z");
  expect(cms.done).toEqual(["publish first", "publish second"]);
});

test("jobs that run at the same time, or again after an answer was lost, do it once", async () => {
  for (let index = 0; index < 20; index += 1) schedule(`p${index}`, "2027-06-01T08:00:00Z");
  cms.faults.set("p7", "lose the answer");
  const time = "2027-06-01T08:00:30Z";
  const results = await Promise.allSettled([runAt(time), runAt(time), runAt(time)]);
  expect(results.some(({ status }) => status === "rejected")).toBe(true);
  expect(await runAt(time)).toEqual(ok);
  expect(cms.done).toHaveLength(20);
  expect(new Set(cms.done).size).toBe(20);
});

test("what is late is done all the same, and in the ledger once", async () => {
  schedule("late", "2027-06-01T08:00:00Z");
  schedule("punctual", "2027-06-01T09:59:00Z");
  cms.faults.set("late", "fail");
  await expect(runAt("2027-06-01T10:00:00Z")).rejects.toThrow(
    "1 scheduled changes failed: CMS must publish what is due, got status 500",
  );
  expect(cms.done).toEqual(["publish punctual"]);
  cms.faults.clear();
  await runAt("2027-06-01T10:01:00Z");
  expect(cms.done).toEqual(["publish punctual", "publish late"]);
  expect(await rows()).toEqual([
    {
      kind: "content.late",
      subject: "page/late/en",
      actor: "worker",
      details: {
        action: "publish",
        model: "page",
        documentId: "doc-late",
        locale: "en",
        slug: "late",
        at: "2027-06-01T08:00:00.000Z",
        lateSeconds: 7200,
      },
    },
  ]);
});

test("what the CMS refuses is in the ledger once with the reason, stays due, and holds up nothing", async () => {
  schedule("broken", "2027-06-01T08:00:00Z");
  schedule("right", "2027-06-01T08:00:00Z");
  cms.faults.set("broken", "refuse");
  expect(await runAt("2027-06-01T08:00:10Z")).toEqual(ok);
  expect(await runAt("2027-06-01T08:01:10Z")).toEqual(ok);
  expect(cms.done).toEqual(["publish right"]);
  expect(cms.scheduled.map(({ slug }) => slug)).toEqual(["broken"]);
  expect(await rows()).toMatchObject([
    {
      kind: "content.refused",
      subject: "page/broken/en",
      details: { action: "publish", reason: "2 errors occurred: headline, seo" },
    },
  ]);
  // Scheduled anew, it is news again.
  cms.scheduled.length = 0;
  schedule("broken", "2027-06-02T08:00:00Z");
  await runAt("2027-06-02T08:00:10Z");
  expect(await rows()).toHaveLength(2);
});

test("fails while the CMS does not know the worker, and does it then", async () => {
  schedule("sale", "2027-06-01T08:00:00Z");
  await expect(runAt("2027-06-01T08:00:10Z", "other")).rejects.toThrow(
    "CMS must list what is scheduled, got status 403",
  );
  await runAt("2027-06-01T08:00:20Z");
  expect(cms.done).toEqual(["publish sale"]);
});
