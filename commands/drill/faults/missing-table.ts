import { setTimeout as delay } from "node:timers/promises";
import { answerWell } from "../answer-well.ts";
import type { Fault } from "../fault.ts";
import type { Stage } from "../stage.ts";

/** Requests that fail, and the time between two, in milliseconds: over several scrapes, so that rates see them come. */
const REQUESTS = 40;
const PACE = 500;

/** The CMS misses a table, as after a wrong migration, so reading pages fails. */
export const missingPages = missingTable("cms", "cms", "public", "pages", async ({ outputs }) => {
  await request(new URL("/api/pages", outputs.urls.cms!), {});
});

/** The worker misses the table of its queues, so what the CMS tells of publications fails. */
export const missingJobs = missingTable(
  "marketing",
  "worker",
  "jobs",
  "job_common",
  async (stage) => {
    const now = new Date().toISOString();
    const entry = { documentId: "drill", locale: "en", publishedAt: now };
    await request(new URL("/webhooks/cms", stage.outputs.urls.worker!), {
      method: "POST",
      headers: {
        authorization: `Bearer ${await webhookToken(stage)}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ event: "entry.publish", createdAt: now, model: "page", entry }),
    });
  },
);

/** Renames a table, and asks a service for what it needs that table for. */
function missingTable(
  database: "cms" | "marketing",
  service: "cms" | "worker",
  schema: string,
  table: string,
  ask: (stage: Stage) => Promise<void>,
): Fault<null> {
  return {
    isExclusive: true,
    prepare: async () => null,
    async inject(stage) {
      await stage.sql(database, `ALTER TABLE ${schema}.${table} RENAME TO ${table}_drill`);
      const begun = new Date();
      for (let count = 0; count < REQUESTS; count += 1) {
        await ask(stage);
        await delay(PACE);
      }
      return begun;
    },
    async heal({ sql, outputs }) {
      await sql(database, `ALTER TABLE IF EXISTS ${schema}.${table}_drill RENAME TO ${table}`);
      await answerWell(outputs.urls[service]!);
    },
  };
}

/** @throws Error if the answer is not that the service failed. */
async function request(url: URL, init: RequestInit): Promise<void> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  await answer.arrayBuffer();
  if (answer.status < 500) throw new Error(`${url.pathname} must fail, got ${answer.status}`);
}

async function webhookToken({ kubectl }: Stage): Promise<string> {
  const data = "--output=jsonpath={.data.WEBHOOK_TOKEN}";
  return Buffer.from(await kubectl("get", "secret/worker", data), "base64").toString();
}
