import { createHash } from "node:crypto";
import pg from "pg";
import type { Progress } from "../../local/progress.ts";
import type { StackOutputs } from "../engine/outputs.ts";
import { waitFor } from "../../local/wait.ts";
import type { Check } from "../releases/verification.ts";

/** The most a freshly deployed part may take to answer, in seconds. */
const PATIENCE = 60;

/**
 * Proves that a deployed stack works: each service answers, published content is served, an event sent like an SDK
 * sends it is in PostgreSQL, and the alert policies exist. What is reached from inside the cluster only proves itself
 * by its readiness, which the update waited for.
 *
 * The event's id is made from the collector's image, so a second proof of the same stack adds no row.
 *
 * @returns what was checked.
 * @throws Error naming the first part that does not work.
 */
export async function proveStack(outputs: StackOutputs, progress: Progress): Promise<Check[]> {
  const { urls, databaseUrl } = outputs;
  const { cms, collector, worker } = urls;
  const checks: Check[] = [{ name: "pods are ready", result: "passed", detail: "" }];
  const check = (
    name: string,
    work: (detail: (text: string) => void) => Promise<void>,
  ): Promise<void> =>
    progress.step(name, async (detail) => {
      let seen = "";
      await work((text) => {
        seen = text;
        detail(text);
      });
      checks.push({ name, result: "passed", detail: seen });
    });
  if (cms) {
    await check("CMS serves published pages", async (detail) => {
      const count = await waitFor("a published page from the CMS", PATIENCE, () =>
        publishedPages(cms),
      );
      detail(`${count} in English`);
    });
  }
  if (worker) {
    await check("worker is ready", async () => {
      await waitFor("the worker's readiness", PATIENCE, () => ready(worker));
    });
  }
  if (collector) {
    await check("an event is accepted", async (detail) => {
      const messageId = await sendEvent(collector, outputs);
      detail(messageId);
      if (!databaseUrl) return;
      await waitFor(`event ${messageId} in PostgreSQL`, PATIENCE, () =>
        storedEvent(databaseUrl, messageId),
      );
      detail(`${messageId} is in PostgreSQL`);
    });
  }
  // Google's own API asks for credentials, and has answered the update.
  if (new URL(urls.monitoring).hostname !== "127.0.0.1") return checks;
  await check("alert policies are declared", async (detail) => {
    const count = await waitFor("the alert policies", PATIENCE, () => alertPolicies(outputs));
    detail(String(count));
  });
  return checks;
}

async function ready(url: string): Promise<true | undefined> {
  const answer = await fetch(new URL("/healthz/ready", url));
  if (!answer.ok) throw new Error(`${answer.status} ${(await answer.text()).slice(0, 200)}`);
  return true;
}

async function publishedPages(cms: string): Promise<number | undefined> {
  const answer = await fetch(new URL("/api/pages?locale=en", cms));
  if (!answer.ok) throw new Error(`${answer.status} ${(await answer.text()).slice(0, 200)}`);
  const { data } = (await answer.json()) as { data: unknown[] };
  return data.length > 0 ? data.length : undefined;
}

async function sendEvent(collector: string, { writeKeys, images }: StackOutputs): Promise<string> {
  const [source, writeKey] = Object.entries(writeKeys)[0]!;
  const digest = createHash("sha256")
    .update(images.collector ?? "")
    .digest("hex")
    .slice(0, 16);
  const messageId = `stack-verified-${digest}`;
  const answer = await fetch(new URL("/v1/track", collector), {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      type: "track",
      event: "Stack Verified",
      messageId,
      anonymousId: "stack-proof",
      context: { consent: { categoryPreferences: { analytics: true } } },
      properties: { source },
    }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok)
    throw new Error(`collector answered ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  return messageId;
}

async function storedEvent(databaseUrl: string, id: string): Promise<true | undefined> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from events.event where id = $1", [id]);
    return rowCount ? true : undefined;
  } finally {
    await client.end();
  }
}

async function alertPolicies({ urls, namespace }: StackOutputs): Promise<number | undefined> {
  const answer = await fetch(
    new URL(`/v3/projects/marketing-stack-${namespace}/alertPolicies`, urls.monitoring),
  );
  if (!answer.ok) throw new Error(`${answer.status} ${(await answer.text()).slice(0, 200)}`);
  const { alertPolicies: policies = [] } = (await answer.json()) as {
    alertPolicies?: unknown[];
  };
  return policies.length > 0 ? policies.length : undefined;
}
