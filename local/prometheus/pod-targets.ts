import { existsSync } from "node:fs";
import { join } from "node:path";
import { kubeconfigFor } from "../cluster/kubeconfig.ts";
import { apiserverUrl, type Plan } from "../cluster/plan.ts";
import { clonePath, statePath } from "../paths.ts";
import { pinnedNode } from "../pinned-node.ts";
import { listening, type Service } from "../supervisor/service.ts";

/** User as whom the pods to scrape are found. */
export const metricsUser = "prometheus";

/** The file in which Prometheus finds its targets. */
export const targetsPath = join(statePath, "run", "pod-targets.json");

/** Tells Prometheus which pods to scrape, as they come and go. */
export async function podTargets({ addresses }: Plan): Promise<Service> {
  const kubeconfig = join(statePath, "config", "prometheus.kubeconfig");
  return {
    name: "pod-targets",
    needs: [listening(addresses.node, addresses.ports.apiserver)],
    files: { [kubeconfig]: await kubeconfigFor(apiserverUrl(addresses), metricsUser) },
    sources: [join(clonePath, "local", "prometheus")],
    isReady: async () => existsSync(targetsPath),
    command: [
      pinnedNode,
      "--max-old-space-size=64",
      join(clonePath, "local", "prometheus", "watch-pods.ts"),
      ...[kubeconfig, targetsPath],
    ],
  };
}
