import { setTimeout as delay } from "node:timers/promises";

import { freePort } from "../../../local/free-port.ts";
import { ready } from "../../services/service-process.ts";
import type { Kills } from "./kills.ts";
import { discrepancies } from "./checker.ts";
import type { Setting } from "./setting.ts";

/** Longest time that the next collector runs beside the one it replaces, in milliseconds. */
const BESIDE_MS = 1_500;

/** Part of the collectors that are asked to end; the others are killed. */
const ASKED = 0.25;

/**
 * Starts the next collector on the spool of one that still works, and ends that one some time later, `count` times: as
 * Kubernetes does after `kubectl delete pod --force`. Clients send to both.
 */
export async function overlapCollectors(setting: Setting, count: number): Promise<Kills> {
  const { random } = setting;
  const ports = [await freePort(), await freePort()];
  const started = (turn: number) => setting.start({ PORT: String(ports[turn % 2]) });
  const clients = setting.send(8, () => `http://127.0.0.1:${ports[random() < 0.5 ? 0 : 1]}`);
  let collector = started(0);
  for (let overlap = 1; overlap <= count; overlap += 1) {
    await clients.progress(10);
    const next = started(overlap);
    // How long both run is the fault itself.
    await delay(random() * BESIDE_MS);
    await collector.end(random() < ASKED ? "SIGTERM" : "SIGKILL");
    collector = next;
    if (overlap % 100 === 0) process.stderr.write(`${overlap} overlaps\n`);
  }
  await ready(collector);
  await clients.stop();
  return {
    events: clients.acknowledged.size,
    discrepancies: await discrepancies(clients, setting.database.admin),
  };
}
