import { once } from "node:events";
import { connect } from "node:net";

import { freePort } from "../../../local/free-port.ts";
import { Front } from "../../../services/cms/src/server/front.ts";
import { createMetrics } from "../../../services/cms/src/server/metrics.ts";

/** A front on a free port, and how to ask it. */
async function listening() {
  const metrics = createMetrics(() => Promise.resolve(0));
  const front = new Front(metrics);
  const port = await freePort();
  await front.listen(port, "127.0.0.1");
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, body: await answer.text() };
  };
  return { front, port, ask, metrics };
}

const healthy = () => Promise.resolve();

test("before the content server is there, the process is alive, not ready, and says so", async () => {
  const { front, ask } = await listening();
  expect(await ask("/healthz/live")).toEqual({ status: 200, body: '{"status":"live"}' });
  expect(await ask("/healthz/ready")).toEqual({
    status: 503,
    body: '{"status":"unready","reason":"starting"}',
  });
  expect(await ask("/api/pages")).toMatchObject({ status: 503 });
  await front.drain(Promise.resolve());
});

test("an idle connection is kept longer than a load balancer keeps it", async () => {
  const { front, port } = await listening();
  const { headers } = await fetch(`http://127.0.0.1:${port}/healthz/live`);
  expect(headers.get("keep-alive")).toBe("timeout=620");
  await front.drain(Promise.resolve());
});

test("what is neither probe nor metrics goes to the content server", async () => {
  const { front, ask } = await listening();
  front.open({ handle: (request, response) => response.end(request.url), check: healthy });
  expect(await ask("/api/pages?locale=es")).toEqual({ status: 200, body: "/api/pages?locale=es" });
  expect(await ask("/healthz/ready")).toEqual({ status: 200, body: '{"status":"ready"}' });
  await front.drain(Promise.resolve());
});

test("fails to be ready with the reason that the check gives, and stays alive", async () => {
  const { front, ask } = await listening();
  front.open({
    handle: (_, response) => response.end(),
    check: () => Promise.reject(new Error("the database must answer within 2 s")),
  });
  expect(await ask("/healthz/ready")).toEqual({
    status: 503,
    body: '{"status":"unready","reason":"the database must answer within 2 s"}',
  });
  expect(await ask("/healthz/live")).toMatchObject({ status: 200 });
  await front.drain(Promise.resolve());
});

test("draining waits for the request in flight and takes no new connection", async () => {
  const { front, port, ask } = await listening();
  let answer!: () => void;
  const asked = new Promise<void>((resolve) => {
    front.open({
      handle: (_, response) => {
        answer = () => response.end("late");
        resolve();
      },
      check: healthy,
    });
  });
  const inFlight = ask("/api/pages");
  await asked;

  let drained = false;
  const draining = front.drain(Promise.resolve()).then(() => (drained = true));
  // Until the server has heard of it.
  await new Promise(setImmediate);
  const [refused] = (await once(connect(port, "127.0.0.1"), "error").catch((error) => [error])) as [
    NodeJS.ErrnoException,
  ];
  expect(refused.code).toBe("ECONNREFUSED");
  expect(drained).toBe(false);

  answer();
  expect(await inFlight).toEqual({ status: 200, body: "late" });
  await draining;
});

test("a client that keeps its connection is told to leave before it is closed", async () => {
  const { front, port, ask } = await listening();
  let lingered!: () => void;
  const draining = front.drain(new Promise((resolve) => (lingered = resolve)));
  const { headers } = await fetch(`http://127.0.0.1:${port}/healthz/live`);
  expect(headers.get("connection")).toBe("close");
  expect(await ask("/healthz/ready")).toMatchObject({ status: 503 });
  lingered();
  await draining;
});

test("requests are counted by code from 0 on, probes and scrapes are not", async () => {
  const { front, ask } = await listening();
  const counted = async () =>
    (await ask("/metrics")).body
      .split("\n")
      .filter((line) => line.startsWith("http_server_requests_total"));
  expect(await counted()).toEqual([
    'http_server_requests_total{service="cms",code="200"} 0',
    'http_server_requests_total{service="cms",code="500"} 0',
  ]);
  front.open({
    handle: (_, response) => response.writeHead(404).end(),
    check: healthy,
  });
  await ask("/healthz/ready");
  await ask("/api/nowhere");
  expect(await counted()).toEqual([
    'http_server_requests_total{service="cms",code="200"} 0',
    'http_server_requests_total{service="cms",code="500"} 0',
    'http_server_requests_total{service="cms",code="404"} 1',
  ]);
  await front.drain(Promise.resolve());
});

test("a scrape works while the overdue publications cannot be read", async () => {
  const metrics = createMetrics(() => Promise.reject(new Error("no database")));
  expect(await metrics.render()).toContain("cms_scheduled_publish_overdue_seconds 0");
});
