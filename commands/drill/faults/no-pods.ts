import type { Fault } from "../fault.ts";

/** What a service had before. */
interface Scaled {
  readonly workloads: readonly { readonly name: string; readonly replicas: number }[];
}

/** How long the pods may take to be ready again. */
const READY_WITHIN = "300s";

/** Every pod of a service is killed, and no new one comes. */
export function noPods(service: "cms" | "collector" | "worker"): Fault<Scaled> {
  const selector = `--selector=app.kubernetes.io/name=${service}`;
  return {
    isExclusive: true,
    async prepare({ kubectl }) {
      const { items } = JSON.parse(
        await kubectl("get", "deployments,statefulsets", selector, "--output=json"),
      ) as { items: Workload[] };
      const workloads = items
        .map(({ kind, metadata: { name }, spec: { replicas } }) => ({
          name: `${kind.toLowerCase()}/${name}`,
          replicas,
        }))
        .filter(({ replicas }) => replicas > 0);
      if (workloads.length === 0) {
        throw new Error(`${service} must have pods, got none; npm run up brings them back`);
      }
      return { workloads };
    },
    async inject({ kubectl }, { workloads }) {
      for (const { name } of workloads) await kubectl("scale", name, "--replicas=0");
      // An orderly end would take half a minute, in which they still answer.
      await kubectl("delete", "pods", selector, "--grace-period=1");
      return new Date();
    },
    async heal({ kubectl }, { workloads }) {
      for (const { name, replicas } of workloads) {
        await kubectl("scale", name, `--replicas=${replicas}`);
        await kubectl("rollout", "status", name, `--timeout=${READY_WITHIN}`);
      }
    },
  };
}

interface Workload {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly replicas: number };
}
