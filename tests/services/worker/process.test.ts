import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../../local/wait.ts";
import {
  bundleService,
  freePort,
  ready,
  startService,
  type ServiceProcess,
} from "../service-process.ts";
import { startWorkerDatabase, type WorkerDatabase } from "./worker-database.ts";

const TOKEN = "0123456789abcdef";

let folder: string;
let bundle: string;
let database: WorkerDatabase;
let outside: Outside;
const running: ServiceProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "worker-"));
  bundle = bundleService("worker", folder);
}, 60_000);
beforeEach(async () => {
  database = await startWorkerDatabase();
  outside = await startOutside();
}, 60_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.end("SIGKILL")));
  await outside.stop();
  await database.stop();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a publication told twice is in the ledger once and told to the chat once", async () => {
  const worker = await start();
  expect((await publish(worker, "home")).status).toBe(202);
  expect((await publish(worker, "home")).status).toBe(202);
  await waitFor("the chat's message", 20, async () => outside.messages.length > 0 || undefined);
  expect(await ledger()).toEqual([{ kind: "content.publish", subject: "page/home/en" }]);
  // Anything sent twice would have been picked up before this one.
  await publish(worker, "last");
  await waitFor("the last message", 20, async () => outside.messages.length > 1 || undefined);
  expect(outside.messages).toEqual([
    'page "home" (home, en) was published',
    'page "last" (last, en) was published',
  ]);
}, 60_000);

test("a publication whose webhook was lost is found in the CMS", async () => {
  outside.entries.push(entryOf("lost"));
  await start();
  await waitFor("the lost publication", 90, async () => (await ledger()).length > 0 || undefined);
  expect(await ledger()).toEqual([{ kind: "content.publish", subject: "page/lost/en" }]);
}, 120_000);

test("a job whose worker is killed is taken over by another within 30 s", async () => {
  outside.hold = true;
  const killed = await start();
  await publish(killed, "home");
  await waitFor("the job in the chat", 20, async () => outside.held.length > 0 || undefined);
  await start();
  outside.hold = false;
  await killed.end("SIGKILL");
  await waitFor("the job taken over", 30, async () => outside.messages.length > 0 || undefined);
  expect(outside.messages).toEqual(['page "home" (home, en) was published']);
}, 90_000);

test("a job that the chat refuses is a dead letter at once, and counted", async () => {
  outside.status = 404;
  const worker = await start();
  await publish(worker, "home");
  await waitFor("the dead letter", 30, async () => {
    const text = await (await fetch(`${worker.url}/metrics`)).text();
    return (
      text.includes('queue_dead_letter_messages{queue="notify-chat",service="worker"} 1') ||
      undefined
    );
  });
  expect(await ledger()).toHaveLength(1);
}, 60_000);

test("a worker whose connections are all terminated continues by itself", async () => {
  const worker = await start();
  await database.admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'worker'",
  );
  await waitFor("a publication after that", 30, async () =>
    (await publish(worker, "home")).status === 202 ? true : undefined,
  );
  await waitFor("its message", 30, async () => outside.messages.length > 0 || undefined);
  expect(await ledger()).toHaveLength(1);
}, 90_000);

test("a worker without a database is live, not ready, and answers webhooks with 503", async () => {
  const worker = await launch("postgres://worker@127.0.0.1:9/marketing");
  await waitFor(
    "liveness",
    20,
    async () => (await fetch(`${worker.url}/healthz/live`)).ok || undefined,
  );
  expect((await fetch(`${worker.url}/healthz/ready`)).status).toBe(503);
  expect((await publish(worker, "home")).status).toBe(503);
}, 60_000);

test("SIGTERM ends it with exit code 0", async () => {
  const worker = await start();
  expect(await worker.end("SIGTERM")).toBe(0);
}, 60_000);

test("fails at once on a wrong configuration, naming the variable", async () => {
  const worker = startService(bundle, { PORT: "http" });
  expect(await worker.ended()).toBe(1);
  expect(worker.output()).toContain('PORT must be a whole number from 1 to 65535, got "http"');
}, 60_000);

async function start(): Promise<ServiceProcess> {
  const worker = await launch(database.url);
  await ready(worker);
  return worker;
}

async function launch(databaseUrl: string): Promise<ServiceProcess> {
  const worker = startService(bundle, {
    PORT: String(await freePort()),
    DATABASE_URL: databaseUrl,
    CMS_URL: outside.url,
    CMS_API_TOKEN: "cms-api-token",
    WEBHOOK_TOKEN: TOKEN,
    CHAT_WEBHOOK_URL: `${outside.url}/chat`,
  });
  running.push(worker);
  return worker;
}

function publish(worker: ServiceProcess, slug: string): Promise<Response> {
  return fetch(`${worker.url}/webhooks/cms`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({
      event: "entry.publish",
      createdAt: new Date().toISOString(),
      model: "page",
      entry: entryOf(slug),
    }),
  });
}

function entryOf(slug: string): object {
  return {
    documentId: `doc-${slug}`,
    locale: "en",
    slug,
    title: slug,
    publishedAt: "2026-11-01T10:00:00.000Z",
  };
}

async function ledger(): Promise<{ kind: string; subject: string }[]> {
  const { rows } = await database.admin.query("select kind, subject from ledger.change");
  return rows;
}

/** The CMS's REST API and the chat, as the worker sees them. */
interface Outside {
  readonly url: string;
  /** Pages that the CMS lists. */
  readonly entries: object[];
  /** Messages that the chat took. */
  readonly messages: string[];
  /** Requests that the chat never answers, while `hold` is set. */
  readonly held: ServerResponse[];
  hold: boolean;
  /** What the chat answers. */
  status: number;
  stop(): Promise<void>;
}

async function startOutside(): Promise<Outside> {
  const state = {
    entries: [] as object[],
    messages: [] as string[],
    held: [] as ServerResponse[],
    hold: false,
    status: 200,
  };
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      if (request.url!.startsWith("/api/")) {
        const data = request.url!.startsWith("/api/pages") ? outside.entries : [];
        response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
      } else if (outside.hold) {
        outside.held.push(response);
      } else {
        if (outside.status === 200)
          outside.messages.push((JSON.parse(body) as { text: string }).text);
        response.writeHead(outside.status).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (server.address() as AddressInfo).port;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
