import { waitFor } from "../../../local/wait.ts";
import type { Fault } from "../fault.ts";
import { podIdOf, processesOf, signal } from "../processes.ts";

/** How long a container may take to start again, and Prometheus to see it, in seconds. */
const BACK_WITHIN = 120;

/** How often the process is killed. */
const KILLS = 2;

/** The collector is killed (SIGKILL), and again as soon as Prometheus has seen that it was back. */
export const crashingPod: Fault<null> = {
  isExclusive: true,
  prepare: async () => null,
  async inject(stage) {
    const podId = await podIdOf(stage, "collector-0");
    const query = new URLSearchParams({
      query: `process_start_time_seconds{namespace="${stage.stack}", pod="collector-0"}`,
    });
    const startedAt = async (): Promise<string | undefined> => {
      const answer = await fetch(`${stage.platform.prometheus}api/v1/query?${query}`);
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      return data.result[0]?.value[1];
    };
    let begun = new Date();
    let before = await startedAt();
    for (let kill = 0; kill < KILLS; kill += 1) {
      for (const { pid } of await processesOf(podId, "node")) signal(pid, "SIGKILL");
      begun = new Date();
      const former = before;
      before = await waitFor("the killed collector in Prometheus", BACK_WITHIN, async () => {
        const started = await startedAt();
        return started === former ? undefined : started;
      });
    }
    return begun;
  },
  async heal({ kubectl }) {
    await kubectl("wait", "pod/collector-0", "--for=condition=Ready", "--timeout=300s");
  },
};
