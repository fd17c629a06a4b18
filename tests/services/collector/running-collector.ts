import { freePort } from "../../../local/free-port.ts";
import type { Event } from "../../../services/contract/event.ts";
import type { Flag } from "../../../services/contract/flag.ts";
import { writeCertificate } from "../../made-certificate.ts";
import type { MadeCertificate } from "../../made-certificate.ts";
import { bundleService, ready, startService } from "../service-process.ts";
import type { ServiceProcess } from "../service-process.ts";
import { aFlag } from "./flags/a-flag.ts";
import { startMarketingDatabase } from "./marketing-database.ts";
import type { MarketingDatabase } from "./marketing-database.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A row of the event log; times in ISO 8601. */
export type StoredEvent = Omit<Event, "source" | "receivedAt">;

/** The collector as a process of its own, on a database of its own. */
export interface RunningCollector {
  readonly url: string;
  /** The same by TLS, if it has a certificate. */
  readonly secureUrl: string;
  /** The event log, by time and name, once it has as many events as `count`. */
  stored(count: number): Promise<StoredEvent[]>;
  /** Reasons of the bad rows. */
  reasons(): Promise<string[]>;
  /** Makes these the flags, at version 1, and one more that is disabled; returns when they are served. */
  declare(...flags: Flag[]): Promise<void>;
}

/**
 * Starts one before the tests of a file, with source `website`, whose write key is `writeKey`; ends it after them.
 *
 * @param certificate by which it speaks TLS as well. @default - it does not
 */
export function runCollector(writeKey: string, certificate?: MadeCertificate): RunningCollector {
  let database: MarketingDatabase;
  let collector: ServiceProcess;
  let securePort = 0;
  let declared = 0;

  beforeAll(async () => {
    database = await startMarketingDatabase();
    securePort = await freePort();
    collector = startService(bundleService("collector", temporaryFolder()), {
      PORT: String(await freePort()),
      DATABASE_URL: database.url,
      SOURCES: JSON.stringify({ website: { writeKey } }),
      SPOOL_DIR: temporaryFolder(),
      ...(certificate && { TLS_DIR: folderOf(certificate), TLS_PORT: String(securePort) }),
    });
    await ready(collector);
  }, 60_000);

  beforeEach(() => database.admin.query("TRUNCATE events.event, events.bad_row"));

  afterAll(async () => {
    await collector.end("SIGKILL");
    await database.stop();
  });

  return {
    get url() {
      return collector.url;
    },
    get secureUrl() {
      return `https://127.0.0.1:${securePort}`;
    },
    stored: async (count) => {
      for (;;) {
        const { rows } = await database.admin.query(
          `SELECT id, type, name, dialect, anonymous_id AS "anonymousId", user_id AS "userId",
                  occurred_at AS "occurredAt", context, properties, consent, campaign
             FROM events.event ORDER BY occurred_at, type, name`,
        );
        if (rows.length >= count) {
          return rows.map((row) => ({ ...row, occurredAt: row.occurredAt.toISOString() }));
        }
        await new Promise((wake) => setTimeout(wake, 20));
      }
    },
    reasons: async () => {
      const { rows } = await database.admin.query("SELECT reason FROM events.bad_row");
      return rows.map(({ reason }) => reason);
    },
    declare: async (...flags) => {
      declared += 1;
      const sign = aFlag({ key: `sign-${declared}`, kind: "flag", enabled: false });
      await database.admin.query("TRUNCATE events.flags");
      for (const flag of [...flags, sign]) {
        await database.admin.query("INSERT INTO events.flags VALUES ($1, 1, $2)", [flag.key, flag]);
      }
      const headers = { "x-api-key": writeKey };
      const url = `${collector.url}/ofrep/v1/evaluate/flags/${sign.key}`;
      while ((await fetch(url, { method: "POST", headers, body: "{}" })).status === 404) {
        await new Promise((wake) => setTimeout(wake, 50));
      }
    },
  };
}

function folderOf(certificate: MadeCertificate): string {
  const folder = temporaryFolder();
  writeCertificate(folder, certificate);
  return folder;
}
