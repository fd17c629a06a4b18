import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tellChat } from "../../../services/worker/chat.ts";

let server: Server;
let url: string;
let answer: { status: number; headers?: Record<string, string> };
let received: string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push(body);
      response.writeHead(answer.status, answer.headers).end();
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
  [500, {}, { kind: "later", reason: "chat answered 500" }],
  [404, {}, { kind: "refused", reason: "chat answered 404" }],
])("an answer of %d %j is %j", async (status, headers, result) => {
  answer = { status, headers: headers as Record<string, string> };
  expect(await tellChat(url, "text")).toEqual(result);
});

test("a chat that does not answer is tried later, and its address is in no reason", async () => {
  const result = await tellChat("http://127.0.0.1:9/secret-path", "text");
  expect(result).toMatchObject({ kind: "later" });
  expect(JSON.stringify(result)).not.toContain("secret-path");
});
