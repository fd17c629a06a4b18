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
