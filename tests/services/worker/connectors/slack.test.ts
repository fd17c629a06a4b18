import { slackChannel } from "../../../../services/worker/connectors/slack.ts";
import { anEffect } from "./an-effect.ts";
import { startRemote, type Remote, type Reply, type Taken } from "./remote.ts";

let remote: Remote;
beforeEach(async () => {
  remote = await startRemote();
});
afterEach(() => remote.stop());

const slack = { kind: "slack", token: "xoxb-the-secret", channel: "C0123456789" } as const;
const words = async () => ({ title: "Welcome <Ana>", text: "Good to have you & yours" });
const since = new Date("2026-10-01T10:00:00Z");
const channel = () => slackChannel({ ...slack, url: `${remote.url}/api/` }, words);

test("posts a message as the method chat.postMessage wants it", async () => {
  remote.answer = () => ({ status: 200, body: { ok: true, ts: "1503435956.000247" } });
  const effect = anEffect();
  expect(await channel().send(effect)).toEqual({ kind: "sent", reference: "1503435956.000247" });
  const [{ path, headers, body }] = remote.taken as [Taken];
  expect([path, headers.authorization]).toEqual([
    "/api/chat.postMessage",
    "Bearer xoxb-the-secret",
  ]);
  const form = Object.fromEntries(new URLSearchParams(body));
  expect(form).toMatchObject({
    channel: "C0123456789",
    text: "*Welcome &lt;Ana&gt;*\nGood to have you &amp; yours",
  });
  expect(JSON.parse(form.metadata!)).toEqual({
    event_type: "marketing_stack_message",
    event_payload: { id: effect.id },
  });
});

test.each<[Reply, object]>([
  [
    { status: 429, headers: { "retry-after": "30" }, body: { ok: false, error: "ratelimited" } },
    { kind: "later", reason: "Slack answered 429", retryAfterSeconds: 30 },
  ],
  [{ status: 429 }, { kind: "later", reason: "Slack answered 429" }],
  [
    { status: 200, body: { ok: false, error: "ratelimited" } },
    { kind: "later", reason: "Slack answered 200 and ratelimited" },
  ],
  [
    { status: 200, body: { ok: false, error: "channel_not_found" } },
    { kind: "refused", reason: "Slack answered 200 and channel_not_found" },
  ],
  [
    { status: 200, body: { ok: false, error: "fatal_error" } },
    { kind: "unknown", reason: "Slack answered 200 and fatal_error" },
  ],
  [{ status: 500 }, { kind: "unknown", reason: "Slack answered 500" }],
  [{ status: 200, body: "<html>" }, { kind: "unknown" }],
  ["hang up", { kind: "unknown" }],
  ["break off", { kind: "unknown" }],
])("an answer of %j is %j", async (reply, outcome) => {
  remote.answer = () => reply;
  const sent = await channel().send(anEffect());
  expect(sent).toMatchObject(outcome);
  expect(JSON.stringify(sent)).not.toMatch(/xoxb|127\.0\.0\.1/);
  expect(remote.taken).toHaveLength(1);
});

test("a Slack that cannot be reached surely does not have it", async () => {
  await remote.stop();
  expect(await channel().send(anEffect())).toMatchObject({ kind: "later" });
  remote = await startRemote();
});

test("asks the channel's history, page by page, whether a message is there", async () => {
  const effect = anEffect();
  const of = (id: string) => ({
    ts: `${id.length}.1`,
    metadata: { event_type: "marketing_stack_message", event_payload: { id } },
  });
  remote.answer = ({ body }) => ({
    status: 200,
    body: new URLSearchParams(body).get("cursor")
      ? { ok: true, messages: [of(effect.id)] }
      : {
          ok: true,
          messages: [of("another"), { ts: "2.2", text: "of a person" }],
          response_metadata: { next_cursor: "bmV4dA==" },
        },
  });
  expect(await channel().ask!(effect, since)).toEqual({ kind: "sent", reference: "36.1" });
  expect(await channel().ask!(anEffect({ key: "other" }), since)).toMatchObject({ kind: "later" });
  const [first] = remote.taken as [Taken];
  expect(first.path).toBe("/api/conversations.history");
  // Two minutes before.
  expect(Object.fromEntries(new URLSearchParams(first.body))).toMatchObject({
    oldest: "1790848680",
    include_all_metadata: "true",
  });
});

test.each<[Reply, object]>([
  [
    { status: 200, body: { ok: false, error: "missing_scope" } },
    { reason: "Slack answered 200 and missing_scope" },
  ],
  [
    { status: 429, headers: { "retry-after": "30" } },
    { reason: "Slack answered 429", retryAfterSeconds: 30 },
  ],
])("a Slack that does not answer the question leaves it unknown: %j", async (reply, outcome) => {
  remote.answer = () => reply;
  expect(await channel().ask!(anEffect(), since)).toEqual({ kind: "unknown", ...outcome });
});

test("nothing leaves without words: the CMS is down, or the entry was taken offline", async () => {
  const away = slackChannel(slack, () => Promise.reject(new Error("down")));
  expect(await away.send(anEffect())).toEqual({
    kind: "later",
    reason: "the CMS does not answer",
  });
  const offline = slackChannel(slack, async () => undefined);
  expect(await offline.send(anEffect())).toEqual({
    kind: "later",
    reason: "content welcome is not published in en",
  });
});
