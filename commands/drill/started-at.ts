import { waitFor } from "../../local/wait.ts";
import type { Stage } from "./stage.ts";

/** When a pod's latest process started, as Prometheus saw it; undefined if it does not know the pod. */
export async function startedAt(
  { stack, platform }: Stage,
  pod: string,
): Promise<string | undefined> {
  const query = `max(process_start_time_seconds{namespace="${stack}", pod="${pod}"})`;
  const answer = await fetch(
    `${platform.prometheus}api/v1/query?${new URLSearchParams({ query })}`,
  );
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result[0]?.value[1];
}

/**
 * Waits until Prometheus has seen a process of a pod that is another one than that which started at `former`.
 *
 * @returns when it started.
 * @throws Error if that takes longer than `seconds`.
 */
export function startedAnew(
  stage: Stage,
  pod: string,
  former: string | undefined,
  seconds: number,
): Promise<string> {
  return waitFor(`the new process of ${pod} in Prometheus`, seconds, async () => {
    const started = await startedAt(stage, pod);
    return started === former ? undefined : started;
  });
}
