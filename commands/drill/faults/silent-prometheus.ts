import { processStatuses } from "../../../local/supervisor/supervisor.ts";
import type { Fault } from "../fault.ts";
import { signal } from "../processes.ts";

/** Prometheus stands still (SIGSTOP): no metrics arrive, and nobody evaluates them, of no stack of this machine. */
export const silentPrometheus: Fault<null> = {
  isExclusive: true,
  prepare: async () => null,
  async inject() {
    signal(await prometheusPid(), "SIGSTOP");
    return new Date();
  },
  async heal() {
    signal(await prometheusPid(), "SIGCONT");
  },
};

async function prometheusPid(): Promise<number> {
  const found = (await processStatuses()).find(({ name }) => name === "prometheus");
  if (found?.pid) return found.pid;
  throw new Error("Prometheus must run, found it down; npm run up starts it");
}
