import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { waitFor } from "../../../local/wait.ts";
import type { ServiceProcess } from "../../services/service-process.ts";
import { discrepancies } from "./checker.ts";
import type { Setting } from "./setting.ts";

/** Size of the disk, in MiB. */
const DISK_MIB = 4;

/** A collector whose spool is on a small disk of its own, which goes with it. */
export interface OnSmallDisk {
  readonly collector: ServiceProcess;
  /** Fills what is free, as a neighbour does. */
  fill(): void;
  /** Removes what `fill` made. */
  clear(): void;
}

/** Starts a collector on a small disk, in a mount namespace of its own. */
export async function startOnSmallDisk(setting: Setting): Promise<OnSmallDisk> {
  const mount = `mount -t tmpfs -o size=${DISK_MIB}m spool "$SPOOL_DIR" && exec "$@"`;
  const collector = await setting.startReady({ PATH: process.env.PATH! }, [
    ...["unshare", "--mount", ...(process.getuid?.() === 0 ? [] : ["--map-root-user"])],
    ...["sh", "-c", mount, "sh"],
  ]);
  const ballast = join(`/proc/${collector.pid}/root`, setting.spool, "ballast");
  return {
    collector,
    fill: () => {
      try {
        for (;;) writeFileSync(ballast, Buffer.alloc(4096, "x"), { flag: "a" });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    },
    clear: () => rmSync(ballast),
  };
}

/** What clients heard of a full disk, and what was wrong afterwards. */
export interface DiskFull {
  /** Statuses but success, in order; 0 is a connection that broke. */
  readonly refusals: readonly number[];
  readonly withoutRetryAfter: readonly number[];
  readonly discrepancies: readonly string[];
}

/**
 * Fills the disk of the spool under load, `count` times: by a neighbour, and by the spool itself while the database is
 * away. Each time it is only the cause that is taken away: the collector must go on by itself.
 */
export async function fillDisk(setting: Setting, count: number): Promise<DiskFull> {
  const { database } = setting;
  const { fill, clear } = await startOnSmallDisk(setting);
  const clients = setting.send(8);
  const refusedMore = async (cause: () => void): Promise<void> => {
    const refused = (): number => clients.statuses.get(503) ?? 0;
    const enough = refused() + 10;
    await waitFor("requests refused", 60, async () => {
      cause();
      return refused() >= enough ? true : undefined;
    });
  };
  for (let round = 0; round < count; round += 1) {
    await clients.progress(10);
    if (round % 2 === 0) {
      // Over and over, because what is drained makes room.
      await refusedMore(fill);
      clear();
    } else {
      await database.restart(() => refusedMore(() => undefined));
    }
  }
  await clients.progress(10);
  await clients.stop();
  return {
    refusals: [...clients.statuses.keys()].filter((status) => status !== 200).sort(),
    withoutRetryAfter: clients.withoutRetryAfter,
    discrepancies: await discrepancies(clients, database.admin),
  };
}
