import { Webhook } from "standardwebhooks";
import { webhookChannel } from "../../../../services/worker/connectors/webhook.ts";
import { anEffect } from "./an-effect.ts";
import { startRemote, type Remote } from "./remote.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

let remote: Remote;
beforeEach(async () => {
  remote = await startRemote();
});
afterEach(() => remote.stop());

const channel = () =>
  webhookChannel({ kind: "webhook", url: `${remote.url}/secret-path`, signingSecret: SECRET });

test("sends what Standard Webhooks asks for, and its own verifier takes it", async () => {
  remote.answer = () => ({ status: 204 });
  const effect = anEffect();
  expect(await channel().send(effect)).toEqual({ kind: "sent", reference: effect.id });
  const [{ headers, body }] = remote.taken as [(typeof remote.taken)[0]];
  expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual({
    type: "campaign.message",
    timestamp: expect.any(String),
    data: {
      campaign: "welcome",
      step: "greet",
      variant: "letter",
      content: "welcome",
      locale: "en",
      person: { id: "user:ana", traits: { email: "ana@example.com", firstName: "Ana" } },
    },
  });
});

test("a message has the same webhook-id at each try, and another message another one", async () => {
  await channel().send(anEffect());
  await channel().send(anEffect());
  await channel().send(anEffect({ key: "uid/user:bo/greet" }));
  const [first, second, third] = remote.taken.map(({ headers }) => headers["webhook-id"]);
  expect([second === first, third === first]).toEqual([true, false]);
  expect(channel().isKeyed).toBe(true);
});

test.each([
  [{ status: 429, headers: { "retry-after": "30" } }, "later", 30],
  [{ status: 429, headers: { "retry-after": "999999" } }, "later", 3600],
  [{ status: 503, headers: { "retry-after": "7" } }, "later", 7],
  [{ status: 503 }, "unknown", undefined],
  [{ status: 500 }, "unknown", undefined],
  [{ status: 408 }, "unknown", undefined],
  [{ status: 410 }, "refused", undefined],
  [{ status: 302, headers: { location: "/elsewhere" } }, "refused", undefined],
  ["hang up" as const, "unknown", undefined],
  ["break off" as const, "unknown", undefined],
  [{ status: 200, body: { error: "invalid_payload" } }, "refused", undefined],
  [{ status: 200, body: { success: false } }, "refused", undefined],
  [{ status: 200, body: "OK" }, "sent", undefined],
  [{ status: 200, body: "x".repeat(2 ** 22) }, "sent", undefined],
])("an answer of %j is %s", async (reply, kind, retryAfterSeconds) => {
  remote.answer = () => reply;
  const outcome = await channel().send(anEffect());
  expect(outcome).toMatchObject({ kind, ...(retryAfterSeconds && { retryAfterSeconds }) });
  expect(JSON.stringify(outcome)).not.toMatch(/secret-path|ana@example/);
});

test("one that cannot be reached surely did not happen, and its address is in no reason", async () => {
  await remote.stop();
  const outcome = await channel().send(anEffect());
  expect(outcome).toEqual({
    kind: "later",
    reason: "the webhook cannot be reached: ECONNREFUSED",
  });
  remote = await startRemote();
});

test("nothing leaves once it must not any more", async () => {
  expect(await channel().send(anEffect({ signal: AbortSignal.abort() }))).toMatchObject({
    kind: "later",
  });
  expect(remote.taken).toEqual([]);
});
