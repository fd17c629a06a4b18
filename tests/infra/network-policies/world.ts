import { flows, stackPods, type Party } from "../../../infra/flows.ts";
import type { Connection, End } from "./evaluator.ts";

/** Namespace of the stack under test. */
export const namespace = "prod";

function pod(name: string, ip: string, podNamespace = namespace): End {
  return { ip, namespace: podNamespace, labels: { "app.kubernetes.io/name": name } };
}

/** Everybody who could open a connection or take one, by name. */
export const ends: Readonly<Record<string, End>> = {
  ...Object.fromEntries(stackPods.map((name, index) => [name, pod(name, `10.64.0.${index + 1}`)])),
  "unknown pod": pod("unknown", "10.64.0.100"),
  "cms of another stack": pod("cms", "10.64.1.1", "review-1"),
  "worker of another stack": pod("worker", "10.64.1.2", "review-1"),
  "unknown pod elsewhere": pod("unknown", "10.64.1.100", "default"),
  "managed Prometheus": pod("collector", "10.64.2.1", "gmp-system"),
  "Autopilot's Prometheus": pod("collector", "10.64.2.2", "gke-gmp-system"),
  "kube-dns": { ip: "10.64.3.1", namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
  "unknown pod of kube-system": pod("unknown", "10.64.3.100", "kube-system"),
  "load balancer": { ip: "35.191.7.7" },
  "health check": { ip: "130.211.3.255" },
  "API server": { ip: "10.10.0.2" },
  "Cloud SQL": { ip: "10.72.15.254" },
  "neighbour of Cloud SQL": { ip: "10.72.16.1" },
  "DNS cache": { ip: "169.254.20.10" },
  "Cloud DNS and metadata server": { ip: "169.254.169.254" },
  "metadata server of the node": { ip: "169.254.169.252" },
  "this machine": { ip: "192.0.2.10" },
  "private network": { ip: "192.168.7.7" },
  internet: { ip: "198.51.100.7" },
};

/** What {@link ends} are to the flows on one platform. */
export type Roles = Readonly<Record<string, readonly Party[]>>;

/** Every connection between two ends of which one is in the stack's namespace, by a line of text. */
export const connections: ReadonlyMap<string, Connection> = new Map(
  pairs().flatMap(([source, target]) =>
    [...new Set([22, 80, 988, ...Object.values(flows).map(({ port }) => port)])].flatMap((port) =>
      (["TCP", "UDP"] as const).map((protocol) => [
        line(source, target, port, protocol),
        { from: ends[source]!, to: ends[target]!, port, protocol },
      ]),
    ),
  ),
);

/** The lines of {@link connections} that these flows mean on a platform, sorted. */
export function meant(names: readonly string[], roles: Roles): string[] {
  const lines = names.flatMap((name) => {
    const { from, to, port, protocols = ["TCP"] } = flows[name]!;
    const plays = (end: string, parties: readonly Party[]): boolean =>
      (roles[end] ?? []).some((party) => parties.includes(party));
    return pairs()
      .filter(([source, target]) => plays(source, from) && plays(target, to))
      .flatMap(([source, target]) =>
        protocols.map((protocol) => line(source, target, port, protocol)),
      );
  });
  return [...new Set(lines)].sort();
}

function pairs(): [string, string][] {
  return Object.keys(ends).flatMap((source) =>
    Object.keys(ends)
      .filter((target) => [source, target].some((end) => ends[end]!.namespace === namespace))
      .map((target) => [source, target] as [string, string]),
  );
}

function line(source: string, target: string, port: number, protocol: string): string {
  return `${source} -> ${target} ${port}/${protocol}`;
}
