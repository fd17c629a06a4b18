import { connect } from "node:net";
import { once } from "node:events";

import { Analytics } from "@segment/analytics-node";

import { freePort } from "../../../local/free-port.ts";
import { bundleService, ready, startService } from "../service-process.ts";
import { startMarketingDatabase } from "./marketing-database.ts";
import type { MarketingDatabase } from "./marketing-database.ts";
import { temporaryFolder } from "./temporary-folder.ts";

let database: MarketingDatabase;
let bundle: readonly string[];
let env: Record<string, string>;

beforeAll(async () => {
  bundle = bundleService("collector", temporaryFolder());
  database = await startMarketingDatabase();
}, 60_000);

beforeEach(async () => {
  await database.admin.query("TRUNCATE events.event, events.bad_row");
  env = {
    PORT: String(await freePort()),
    DATABASE_URL: database.url,
    SOURCES: JSON.stringify({ website: { writeKey: "WRITE_KEY" } }),
    SPOOL_DIR: temporaryFolder(),
  };
});

afterAll(() => database.stop());

/** Ids stored, once there are as many as `count`. */
async function storedIds(count: number): Promise<string[]> {
  for (;;) {
    const { rows } = await database.admin.query("SELECT id FROM events.event");
    if (rows.length >= count) return rows.map(({ id }) => id);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

test("1,000 events of the official SDK are stored once each, though the collector is killed midway", async () => {
  let collector = startService(bundle, env);
  await ready(collector);
  const analytics = new Analytics({ writeKey: "WRITE_KEY", host: collector.url, flushAt: 15 });
  const errors: unknown[] = [];
  analytics.on("error", (error) => errors.push(error));
  let answers = 0;
  const midway = new Promise<void>((resolve) => {
    analytics.on("http_request", () => {
      answers += 1;
      if (answers === 30) resolve();
    });
  });

  const ids = Array.from({ length: 1_000 }, (_, index) => `message-${index}`);
  for (const messageId of ids) {
    analytics.track({ messageId, event: "Order Completed", userId: "user-1" });
  }
  await midway;
  await collector.end("SIGKILL");
  collector = startService(bundle, env);

  await analytics.closeAndFlush();
  expect(errors).toEqual([]);
  expect((await storedIds(1_000)).sort()).toEqual(ids.sort());
  expect(await collector.end("SIGTERM")).toBe(0);
}, 60_000);

test("what is in the spool while the database is away is stored when it is back", async () => {
  const away = startService(bundle, {
    ...env,
    DATABASE_URL: "postgresql://nobody@127.0.0.1:1/x",
  });
  await ready(away);
  const event = {
    writeKey: "WRITE_KEY",
    event: "Signup",
    userId: "user-1",
    messageId: "message-1",
  };
  const body = JSON.stringify(event);
  expect((await fetch(`${away.url}/v1/t`, { method: "POST", body })).status).toBe(200);
  expect(await away.end("SIGTERM")).toBe(0);

  const back = startService(bundle, env);
  await ready(back);
  expect(await storedIds(1)).toEqual(["message-1"]);
  expect(await back.end("SIGTERM")).toBe(0);
}, 60_000);

test("SIGTERM ends it after requests under way are answered", async () => {
  const collector = startService(bundle, env);
  await ready(collector);
  const socket = connect(Number(env.PORT), "127.0.0.1");
  await once(socket, "connect");
  const body = JSON.stringify({
    writeKey: "WRITE_KEY",
    event: "Signup",
    userId: "u",
    messageId: "last",
  });
  socket.write(
    `POST /v1/t HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
  );
  // The server has begun with this request once it has answered another one that came later.
  await ready(collector);

  const ended = collector.end("SIGTERM");
  while (!collector.output().includes("stopping"))
    await new Promise((wake) => setTimeout(wake, 20));
  socket.write(body.slice(20));
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(await ended).toBe(0);
  expect(await storedIds(1)).toEqual(["last"]);
}, 60_000);

test("fails to start on a wrong configuration, naming all of it at once", async () => {
  const collector = startService(bundle, { ...env, PORT: "http", SOURCES: "{}" });
  expect(await collector.ended()).toBe(1);
  expect(collector.output()).toBe(
    'PORT must be a whole number from 1 to 65535, got "http"; set it, or leave it out for 8080\n' +
      'SOURCES must name at least one source, got none; set it to {"<source>": {"writeKey": "<key>"}}\n',
  );
}, 60_000);
