import { setTimeout as delay } from "node:timers/promises";

import { waitFor } from "../../../local/wait.ts";
import { discrepancies } from "./checker.ts";
import type { Setting } from "./setting.ts";

/** What may wait in the spool when a fault begins, in bytes: what a hundred of them leave must not add up. */
const MOST_WAITING = 64 * 1024 * 1024;

/** What happens to a database. */
const FAULTS = ["stopped", "restarted", "frozen"] as const;

/** What clients heard meanwhile, and what was wrong afterwards. */
export interface Away {
  /** Statuses but success, each once; a connection that broke with a kill does not count. */
  readonly refusals: readonly number[];
  readonly discrepancies: readonly string[];
}

/**
 * Stops, restarts and freezes the database under load, `count` times by turns, for random times up to `longestMs`.
 * Meanwhile clients go on, and the collector is killed once a round.
 */
export async function disturbDatabase(
  setting: Setting,
  count: number,
  longestMs: number,
): Promise<Away> {
  const { database, random } = setting;
  let collector = await setting.startReady();
  // However fast the machine is: what comes while the database is away must fit into the spool.
  const clients = setting.send(8, undefined, longestMs / 3_000);
  const absence = async (): Promise<void> => {
    await delay(random() * longestMs);
    // Acknowledged while the database is away: it is the spool that holds them.
    await clients.progress(10);
  };
  for (let fault = 0; fault < count; fault += 1) {
    await clients.progress(10);
    await waitFor("the spool to be drained", 120, async () => {
      return (await spoolBytes(setting.url)) <= MOST_WAITING;
    });
    switch (FAULTS[fault % FAULTS.length]) {
      case "stopped":
        await database.restart(absence);
        break;
      case "restarted":
        await database.restart();
        break;
      case "frozen": {
        const thaw = database.freeze();
        try {
          await absence();
          await collector.end("SIGKILL");
          collector = await setting.startReady();
          await absence();
        } finally {
          // A frozen one could not be stopped either.
          thaw();
        }
        break;
      }
    }
  }
  await clients.stop();
  return {
    refusals: [...clients.statuses.keys()].filter((status) => status > 200),
    discrepancies: await discrepancies(clients, database.admin),
  };
}

async function spoolBytes(collector: string): Promise<number> {
  const metrics = await (await fetch(`${collector}/metrics`)).text();
  return Number(/^collector_spool_bytes (.+)$/m.exec(metrics)![1]);
}
