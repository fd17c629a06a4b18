import { pino } from "pino";
import { createApp } from "../../../services/worker/app.ts";
import { createMetrics } from "../../../services/worker/metrics.ts";
import type { Publication } from "../../../services/worker/publication.ts";

const TOKEN = "0123456789abcdef";
const PREVIOUS = "previous-token-abc";
const body = {
  event: "entry.publish",
  createdAt: "2026-11-01T10:00:01.000Z",
  model: "page",
  entry: {
    documentId: "abc",
    locale: "en",
    slug: "home",
    title: "Home",
    publishedAt: "2026-11-01T10:00:00.000Z",
  },
};

function open(changed: { enqueue?: () => Promise<void>; notReady?: string } = {}) {
  const enqueued: Publication[] = [];
  const metrics = createMetrics(async () => [
    { name: "notify-chat", oldestSeconds: 12, deadLetters: 3 },
  ]);
  const app = createApp({
    webhookTokens: [TOKEN, PREVIOUS],
    recordPublication:
      changed.enqueue ??
      (async (publication) => {
        enqueued.push(publication);
      }),
    notReady: async () => changed.notReady,
    metrics,
    log: pino({ level: "silent" }),
  });
  const post = (content: string, token = TOKEN): Promise<Response> =>
    Promise.resolve(
      app.request("/webhooks/cms", {
        method: "POST",
        body: content,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      }),
    );
  return { app, post, enqueued, metrics };
}

test("a publication is enqueued before the answer", async () => {
  const { post, enqueued } = open();
  const answer = await post(JSON.stringify(body));
  expect(answer.status).toBe(202);
  expect(enqueued.map(({ slug, action }) => [slug, action])).toEqual([["home", "publish"]]);
});

test("the token before the newest opens as well while it is given", async () => {
  const { post, enqueued } = open();
  expect((await post(JSON.stringify(body), PREVIOUS)).status).toBe(202);
  expect(enqueued).toHaveLength(1);
});

test("fails with 401 on a wrong token, before the body is read", async () => {
  const { post, enqueued } = open();
  const answer = await post("{", "fedcba9876543210");
  expect(answer.status).toBe(401);
  expect(await answer.json()).toEqual({
    error: {
      code: "unauthorized",
      message: "authorization must be the webhook's bearer token",
      requestId: expect.any(String),
    },
  });
  expect(enqueued).toEqual([]);
});

test.each(["", "{", "[]", '"text"', "null", JSON.stringify({ ...body, entry: 1 })])(
  "fails with 400 on the body %j",
  async (content) => {
    expect((await open().post(content)).status).toBe(400);
  },
);

test("fails with 413 on a body beyond the bound", async () => {
  const { post } = open();
  expect((await post(JSON.stringify({ ...body, padding: "x".repeat(6 * 2 ** 20) }))).status).toBe(
    413,
  );
});

test("fails with 503 and Retry-After while nothing can be enqueued", async () => {
  const { post } = open({ enqueue: () => Promise.reject(new Error("database is away")) });
  const answer = await post(JSON.stringify(body));
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(JSON.stringify(await answer.json())).not.toContain("database is away");
});

test("readiness tells the reason", async () => {
  const answer = await open({ notReady: "database does not answer" }).app.request("/healthz/ready");
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ status: "not ready", reason: "database does not answer" });
  expect((await open().app.request("/healthz/ready")).status).toBe(200);
  expect((await open({ notReady: "starting" }).app.request("/healthz/live")).status).toBe(200);
});

test("metrics are there from the start and carry the names that the alerts know", async () => {
  const text = await (await open().app.request("/metrics")).text();
  for (const line of [
    'http_server_requests_total{code="202",service="worker"} 0',
    'cms_publish_total{site="default",result="ok",service="worker"} 0',
    'consent_violations_total{destination="chat",service="worker"} 0',
    'queue_oldest_message_age_seconds{queue="notify-chat",service="worker"} 12',
    'queue_dead_letter_messages{queue="notify-chat",service="worker"} 3',
    'queue_oldest_message_age_seconds{queue="record-publication",service="worker"} 0',
  ]) {
    expect(text).toContain(line);
  }
});

test("fails with 404 on another path", async () => {
  expect((await open().app.request("/other")).status).toBe(404);
});
