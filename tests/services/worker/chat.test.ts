import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { freePort } from "../../../local/free-port.ts";
import { tellChat } from "../../../services/worker/chat.ts";

let server: Server;
let url: string;
let answer: { status: number; headers?: Record<string, string>; body?: string };
let received: string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push(body);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
beforeEach(() => {
  received = [];
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test("sends the text as Slack's webhooks want it", async () => {
  answer = { status: 200 };
  expect(await tellChat(url, "Home was published")).toEqual({ kind: "sent" });
  expect(received).toEqual(['{"text":"Home was published"}']);
});

test.each([
  [
    429,
    { "retry-after": "30" },
    { kind: "later", reason: "chat answered 429", retryAfterSeconds: 30 },
  ],
  [
    429,
    { "retry-after": "999999" },
    { kind: "later", reason: "chat answered 429", retryAfterSeconds: 3600 },
  ],
  [500, {}, { kind: "unknown", reason: "chat answered 500" }],
  [302, { location: "/elsewhere" }, { kind: "refused", reason: "chat answered 302" }],
  [404, {}, { kind: "refused", reason: "chat answered 404" }],
])("an answer of %d %j is %j", async (status, headers, result) => {
  answer = { status, headers: headers as Record<string, string> };
  expect(await tellChat(url, "text")).toEqual(result);
});

test("a Retry-After may be a date", async () => {
  answer = {
    status: 503,
    headers: { "retry-after": new Date(Date.now() + 600_000).toUTCString() },
  };
  const result = await tellChat(url, "text");
  if (result.kind !== "later") throw new Error(`must be later, got ${result.kind}`);
  expect(result.retryAfterSeconds).toBeGreaterThan(500);
  expect(result.retryAfterSeconds).toBeLessThanOrEqual(600);
});

test.each([
  ['{"ok":false,"error":"no_such_channel"}', "refused"],
  ['{"ok":true}', "sent"],
  ["ok", "sent"],
  ["null", "sent"],
])("an answer of 200 with the body %j is %s", async (body, kind) => {
  answer = { status: 200, body };
  expect(await tellChat(url, "text")).toMatchObject({ kind });
});

test("only the beginning of an answer is read", async () => {
  answer = { status: 200, body: "x".repeat(2 ** 26) };
  expect(await tellChat(url, "text")).toEqual({ kind: "sent" });
});

test("a chat that does not answer is tried later, and its address is in no reason", async () => {
  const result = await tellChat(`http://127.0.0.1:${await freePort()}/secret-path`, "text");
  expect(result).toMatchObject({ kind: "later" });
  expect(JSON.stringify(result)).not.toContain("secret-path");
});
