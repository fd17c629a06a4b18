import type { Fault } from "../fault.ts";
import { podIdOf, processesOf, signal } from "../processes.ts";
import { startedAnew, startedAt } from "../started-at.ts";

const POD = "collector-0";

/** How long a container may take to start again, and Prometheus to see it, in seconds: one that ended often waits for up to 300. */
const BACK_WITHIN = 360;

/** How often the process is killed. */
const KILLS = 2;

/** The collector is killed (SIGKILL), and again as soon as Prometheus has seen that it was back. */
export const crashingPod: Fault<null> = {
  isExclusive: true,
  prepare: async () => null,
  async inject(stage) {
    const podId = await podIdOf(stage, POD);
    let begun = new Date();
    let before = await startedAt(stage, POD);
    for (let kill = 0; kill < KILLS; kill += 1) {
      for (const { pid } of await processesOf(podId, "node")) signal(pid, "SIGKILL");
      begun = new Date();
      before = await startedAnew(stage, POD, before, BACK_WITHIN);
    }
    return begun;
  },
  async heal({ kubectl }) {
    await kubectl("wait", `pod/${POD}`, "--for=condition=Ready", "--timeout=300s");
  },
};
