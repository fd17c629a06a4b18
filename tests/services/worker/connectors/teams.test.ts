import { teamsChannel } from "../../../../services/worker/connectors/teams.ts";
import { anEffect } from "./an-effect.ts";
import { startRemote, type Remote, type Reply, type Taken } from "./remote.ts";

let remote: Remote;
beforeEach(async () => {
  remote = await startRemote();
});
afterEach(() => remote.stop());

const words = async () => ({ title: "Welcome [Ana](https://evil.example)", text: "One\n\nTwo" });
const channel = () =>
  teamsChannel({ kind: "teams", url: `${remote.url}/workflows/1/triggers/manual?sig=x` }, words);

test("posts an Adaptive Card whose words are no mark-up", async () => {
  remote.answer = () => ({ status: 202 });
  expect(await channel().send(anEffect())).toEqual({ kind: "sent" });
  const run = (text: string, style: object = {}) => ({
    type: "RichTextBlock",
    inlines: [{ type: "TextRun", text, ...style }],
  });
  expect(JSON.parse((remote.taken[0] as Taken).body)).toEqual({
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            run("Welcome [Ana](https://evil.example)", { weight: "Bolder", size: "Medium" }),
            run("One"),
            run("Two"),
          ],
        },
      },
    ],
  });
});

test.each<[Reply, object]>([
  [{ status: 200, body: "1" }, { kind: "sent" }],
  [
    {
      status: 200,
      body: "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId tcid=0",
    },
    { kind: "later", reason: "Teams answered 200 and 429" },
  ],
  [
    {
      status: 200,
      body: "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId tcid=0",
    },
    { kind: "refused", reason: "Teams answered 200 and 413" },
  ],
  [
    { status: 429, headers: { "retry-after": "2" } },
    { kind: "later", reason: "Teams answered 429", retryAfterSeconds: 2 },
  ],
  [{ status: 400, body: { error: { code: "TriggerInputSchemaMismatch" } } }, { kind: "refused" }],
  [{ status: 401 }, { kind: "refused" }],
  [{ status: 502 }, { kind: "unknown" }],
  ["hang up", { kind: "unknown" }],
])("an answer of %j is %j", async (reply, outcome) => {
  remote.answer = () => reply;
  const sent = await channel().send(anEffect());
  expect(sent).toMatchObject(outcome);
  expect(JSON.stringify(sent)).not.toContain("sig=");
});

test("an unknown outcome stays one: a workflow knows no key and cannot be asked", () => {
  expect([channel().isKeyed, channel().ask]).toEqual([false, undefined]);
});
