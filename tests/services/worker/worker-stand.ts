import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../local/free-port.ts";
import { bundleService, ready, startService, type ServiceProcess } from "../service-process.ts";
import { startOutside, type Outside } from "./outside.ts";
import { startWorkerDatabase, type WorkerDatabase } from "./worker-database.ts";

/** What the CMS's webhook has to bring. */
const TOKEN = "0123456789abcdef";

/** Bundled workers with a PostgreSQL, a CMS and a chat of their own. */
export interface WorkerStand {
  readonly database: WorkerDatabase;
  readonly outside: Outside;
  /** The worker as one file. */
  readonly bundle: readonly string[];
  /** Starts a worker, which has `more` in its environment; does not wait. */
  launch(more?: Record<string, string>): Promise<ServiceProcess>;
  /** Starts a worker as {@link launch} does, and waits until it is ready. */
  start(more?: Record<string, string>): Promise<ServiceProcess>;
  /** Tells a worker, as the CMS does, that a page was published. */
  publish(worker: ServiceProcess, slug: string): Promise<Response>;
  /** Subjects of the ledger's rows, sorted. */
  subjects(): Promise<string[]>;
  stop(): Promise<void>;
}

/** A page as the CMS shows it. */
export function pageOf(slug: string): object {
  return {
    documentId: `doc-${slug}`,
    locale: "en",
    slug,
    title: slug,
    publishedAt: "2026-11-01T10:00:00.000Z",
  };
}

/** A page that is due to be published, as the CMS shows it. */
export function dueOf(slug: string): { readonly documentId: string } {
  return {
    documentId: `doc-${slug}`,
    ...{ action: "publish", uid: "api::page.page", locale: "en", slug },
    ...{ at: "2026-11-01T10:00:00.000Z", lateSeconds: 5 },
  };
}

/** Puts up a stand, whose workers have `environment` too; no worker runs yet. */
export async function openWorkerStand(
  environment: Record<string, string> = {},
): Promise<WorkerStand> {
  const folder = mkdtempSync(join(tmpdir(), "worker-"));
  const bundle = bundleService("worker", folder);
  const database = await startWorkerDatabase();
  const outside = await startOutside();
  const workers: ServiceProcess[] = [];
  const launch = async (more: Record<string, string> = {}): Promise<ServiceProcess> => {
    const worker = startService(bundle, {
      PORT: String(await freePort()),
      DATABASE_URL: database.url,
      CMS_URL: outside.url,
      CMS_API_TOKEN: "cms-api-token",
      WEBHOOK_TOKEN: TOKEN,
      CHAT_WEBHOOK_URL: `${outside.url}/chat`,
      ...environment,
      ...more,
    });
    workers.push(worker);
    return worker;
  };
  return {
    database,
    outside,
    bundle,
    launch,
    start: async (more) => {
      const worker = await launch(more);
      await ready(worker);
      return worker;
    },
    publish: (worker, slug) =>
      fetch(`${worker.url}/webhooks/cms`, {
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
        body: JSON.stringify({
          event: "entry.publish",
          createdAt: new Date().toISOString(),
          model: "page",
          entry: pageOf(slug),
        }),
      }),
    subjects: async () => {
      const { rows } = await database.admin.query<{ subject: string }>(
        "select subject from ledger.change order by subject",
      );
      return rows.map(({ subject }) => subject);
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.end("SIGKILL")));
      await outside.stop();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
