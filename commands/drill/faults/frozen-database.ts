import type { Fault } from "../fault.ts";
import { podIdOf, processesOf, signal } from "../processes.ts";
import { drillEvent, sendEvents } from "../send-event.ts";

/** Which pod's processes are stopped. */
interface Frozen {
  readonly podId: string;
}

/**
 * PostgreSQL stands still: its processes are stopped (SIGSTOP), while an event comes in that cannot be drained.
 *
 * Kubernetes kills a container whose probe hangs and starts it again, so the new server is stopped too.
 */
export const frozenDatabase: Fault<Frozen> = {
  isExclusive: true,
  prepare: async (stage) => ({ podId: await podIdOf(stage, "database-0") }),
  async inject(stage, { podId }) {
    await freeze(podId);
    const begun = new Date();
    const status = await sendEvents(stage, [drillEvent(`drill-${begun.getTime()}`)]);
    if (status !== 200) throw new Error(`the collector must take an event, got ${status}`);
    return begun;
  },
  sustain: (_stage, { podId }) => freeze(podId),
  async heal({ kubectl }, { podId }) {
    for (const { pid, isStopped } of await processesOf(podId, "postgres")) {
      if (isStopped) signal(pid, "SIGCONT");
    }
    await kubectl("wait", "pod/database-0", "--for=condition=Ready", "--timeout=600s");
  },
};

async function freeze(podId: string): Promise<void> {
  for (const { pid, isStopped } of await processesOf(podId, "postgres")) {
    if (!isStopped) signal(pid, "SIGSTOP");
  }
}
