import { once } from "node:events";
import type { Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";

import { Analytics } from "@segment/analytics-node";

import { HttpFront } from "../../../services/collector/http-front.ts";
import { openApp, WRITE_KEY } from "./open-app.ts";
import type { OpenedApp } from "./open-app.ts";

let opened: OpenedApp;
let server: Server;
let port: number;
let trouble: string[];

beforeEach(async () => {
  opened = await openApp();
  trouble = [];
  server = new HttpFront(opened.app).server().listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
  expect(trouble).toEqual([]);
});

test("an idle connection is kept longer than a load balancer keeps it", async () => {
  const { headers } = await fetch(`http://127.0.0.1:${port}/healthz/live`);
  expect(headers.get("keep-alive")).toBe("timeout=620");
});

test("every kind of event of the official SDK arrives", async () => {
  const analytics = new Analytics({ writeKey: WRITE_KEY, host: `http://127.0.0.1:${port}` });
  const context = { consent: { categoryPreferences: { Analytics: true } } };
  const userId = "user-1";
  analytics.identify({ userId, traits: { plan: "pro" }, context });
  analytics.track({ userId, event: "Order Completed", properties: { revenue: 12.5 }, context });
  analytics.page({ userId, category: "Docs", name: "Index", context });
  analytics.screen({ userId, name: "Home", context });
  analytics.group({ userId, groupId: "acme", traits: { name: "Acme" }, context });
  analytics.alias({ userId, previousId: "anon-1", context });
  await analytics.closeAndFlush();
  const { events, badRows } = await opened.kept();
  expect(badRows).toEqual([]);
  expect(events.map(({ type, name, properties }) => [type, name, properties])).toEqual([
    ["identify", null, { plan: "pro" }],
    ["track", "Order Completed", { revenue: 12.5 }],
    ["page", "Index", { category: "Docs" }],
    ["screen", "Home", {}],
    ["group", null, { name: "Acme" }],
    ["alias", null, { previousId: "anon-1" }],
  ]);
});

test("a query does not change the path", async () => {
  expect((await fetch(`http://127.0.0.1:${port}/healthz/live?probe=1`)).status).toBe(200);
});

test("a header of 200 KB is read", async () => {
  const headers = { "x-large": "x".repeat(200 * 1024) };
  expect((await fetch(`http://127.0.0.1:${port}/healthz/live`, { headers })).status).toBe(200);
});

test("fails on a body above 20 MiB with 413 before it is read, and the page can read that", async () => {
  const socket = connect(port, "127.0.0.1");
  const head = "POST /v1/batch HTTP/1.1\r\nhost: h\r\norigin: https://shop.example\r\n";
  socket.write(`${head}content-length: 99999999\r\n\r\n`);
  socket.on("error", () => undefined);
  const chunk = Buffer.alloc(1024 * 1024, "x");
  for (let sent = 0; sent < 21; sent += 1) socket.write(chunk);
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /);
  expect(answer.toString()).toContain("access-control-allow-origin: https://shop.example");
  socket.destroy();
});

test("a client that goes away in the middle of its body is no trouble", async () => {
  const socket = connect(port, "127.0.0.1");
  const closed = new Promise((resolve) => {
    server.once("connection", (connection) => connection.once("close", resolve));
  });
  socket.write("POST /v1/batch HTTP/1.1\r\nhost: h\r\ncontent-length: 100\r\n\r\nhalf", () =>
    socket.destroy(),
  );
  await closed;
  expect((await fetch(`http://127.0.0.1:${port}/healthz/live`)).status).toBe(200);
});

test("streams that are asked for behind each other hold nothing, also once their client is gone", async () => {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`GET /sub/${WRITE_KEY} HTTP/1.1\r\nhost: h\r\n\r\n`.repeat(2_100));
  await once(socket, "data");
  // Behind all of them: it is answered once they are.
  const subscribe = async (): Promise<number> => {
    const leave = new AbortController();
    const { status } = await fetch(`http://127.0.0.1:${port}/sub/${WRITE_KEY}`, leave);
    leave.abort();
    return status;
  };
  expect(await subscribe()).toBe(200);
  socket.destroy();
  expect(await subscribe()).toBe(200);
});

test("a stream whose client left before it began does not begin", async () => {
  const begin = jest.fn();
  const left = new Promise((resolve) => {
    server.once("connection", (connection) => connection.once("close", resolve));
  });
  const socket = connect(port, "127.0.0.1");
  jest.spyOn(opened.app, "handle").mockImplementationOnce(async () => {
    socket.destroy();
    await left;
    return { status: 200, headers: {}, body: "", stream: begin };
  });
  socket.write("GET / HTTP/1.1\r\nhost: h\r\n\r\n");
  await left;
  expect((await fetch(`http://127.0.0.1:${port}/healthz/live`)).status).toBe(200);
  expect(begin).not.toHaveBeenCalled();
});
