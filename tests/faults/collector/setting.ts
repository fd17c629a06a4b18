import { freePort } from "../../../local/free-port.ts";
import { bundleService, ready, startService } from "../../services/service-process.ts";
import type { ServiceProcess } from "../../services/service-process.ts";
import { startMarketingDatabase } from "../../services/collector/marketing-database.ts";
import type { MarketingDatabase } from "../../services/collector/marketing-database.ts";
import { temporaryFolder } from "../../services/collector/temporary-folder.ts";
import { printedSeed, seeded } from "../random.ts";
import { HonestClients, SOURCE, WRITE_KEY } from "./honest-clients.ts";

/** What a fault is done to: a collector that can be started again, and its database. */
export interface Setting {
  readonly database: MarketingDatabase;
  /** Where the collector listens. */
  readonly url: string;
  /** Folder of its spool. */
  readonly spool: string;
  /** Numbers from 0 to 1 (exclusive) that follow from the seed of the run. */
  readonly random: () => number;
  /** Lets clients send to the collector, or to what `address` says; without a pause unless one is given. */
  send(count: number, address?: () => string, pauseMs?: number): HonestClients;
  /** Starts the collector on its port and spool; does not wait. */
  start(environment?: Record<string, string>, wrapper?: readonly string[]): ServiceProcess;
  /** Starts the collector; returns when it is ready. */
  startReady(
    environment?: Record<string, string>,
    wrapper?: readonly string[],
  ): Promise<ServiceProcess>;
}

/** Makes a setting before each test of a file, with an empty event log and spool; ends what runs after it. Returns the one of the test. */
export function eachInASetting(): () => Setting {
  let database: MarketingDatabase;
  let bundle: readonly string[];
  let setting: Setting;
  let running: ServiceProcess[];
  let sending: HonestClients[];

  beforeAll(async () => {
    bundle = bundleService("collector", temporaryFolder());
    database = await startMarketingDatabase();
  }, 60_000);

  beforeEach(async () => {
    await database.admin.query("TRUNCATE events.event, events.bad_row, events.deleted_key");
    const env = {
      PORT: String(await freePort()),
      DATABASE_URL: database.url,
      SOURCES: JSON.stringify({ [SOURCE]: { writeKey: WRITE_KEY } }),
      SPOOL_DIR: temporaryFolder(),
    };
    running = [];
    sending = [];
    const url = `http://127.0.0.1:${env.PORT}`;
    const random = seeded(printedSeed());
    const start: Setting["start"] = (environment, wrapper) => {
      const collector = startService(bundle, { ...env, ...environment }, wrapper);
      running.push(collector);
      return collector;
    };
    setting = {
      database,
      url,
      spool: env.SPOOL_DIR,
      random,
      send: (count, address = () => url, pauseMs = 0) => {
        const clients = new HonestClients(count, address, random, pauseMs);
        sending.push(clients);
        return clients;
      },
      start,
      startReady: async (environment, wrapper) => {
        const collector = start(environment, wrapper);
        await ready(collector);
        return collector;
      },
    };
  });

  afterEach(async () => {
    for (const clients of sending) clients.abandon();
    await Promise.all(running.map((collector) => collector.end("SIGKILL")));
  });

  afterAll(() => database.stop());

  return () => setting;
}
