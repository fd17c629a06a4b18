import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { runLoad } from "../../../commands/load/run-load.ts";
import { HttpFront } from "../../../services/collector/http-front.ts";
import { openApp, WRITE_KEY } from "../../services/collector/open-app.ts";

const load = { writeKey: WRITE_KEY, eventsPerSecond: 200, seconds: 1, batch: 10, connections: 4 };

test("what is asked for is sent, stored, and reported", async () => {
  const { app, kept } = await openApp();
  const server = new HttpFront(app).server().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const report = await runLoad({ ...load, url: `http://127.0.0.1:${port}` });
  server.close();
  const { events } = await kept();
  expect(new Set(events.map(({ id }) => id)).size).toBe(200);
  expect(report).toMatchObject({ sent: 200, acknowledged: 200, failed: {} });
  expect(report.latencyMs.p50).toBeGreaterThan(0);
  expect(report.latencyMs.p99).toBeGreaterThanOrEqual(report.latencyMs.p50);
});

test("what is refused is counted by its status", async () => {
  let count = 0;
  const server = createServer((_, response) => {
    count += 1;
    response.writeHead(count % 2 === 0 ? 200 : 503).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const report = await runLoad({ ...load, url: `http://127.0.0.1:${port}` });
  server.close();
  expect(report).toMatchObject({ sent: 200, acknowledged: 100, failed: { 503: 10 } });
});

test("fails to reach nobody, and says so", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const report = await runLoad({ ...load, url: `http://127.0.0.1:${port}` });
  expect(report).toMatchObject({ acknowledged: 0, failed: { ECONNREFUSED: 20 } });
});
