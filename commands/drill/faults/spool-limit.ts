import type { Stage } from "../stage.ts";

/** How long the collectors may take to run with another limit. */
const READY_WITHIN = "300s";

/** What the collectors' spools may hold, in bytes. */
export async function spoolLimit({ kubectl }: Stage): Promise<string> {
  const path = '{.spec.template.spec.containers[0].env[?(@.name=="SPOOL_MAX_BYTES")].value}';
  return kubectl("get", "statefulset/collector", `--output=jsonpath=${path}`);
}

/** Restarts the collectors with another limit of their spools, if it is another one. */
export async function setSpoolLimit({ kubectl }: Stage, bytes: string): Promise<void> {
  await kubectl("set", "env", "statefulset/collector", `SPOOL_MAX_BYTES=${bytes}`);
  await kubectl("rollout", "status", "statefulset/collector", `--timeout=${READY_WITHIN}`);
}
