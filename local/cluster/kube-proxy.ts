import { join } from "node:path";
import { statePath } from "../paths.ts";
import { listening, type Service } from "../supervisor/service.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { apiserverUrl, nodeName, podNetwork, type Plan } from "./plan.ts";
import { answers } from "./probe.ts";

/** Makes Services work with iptables; NodePorts are reachable from this machine only. */
export async function kubeProxy({ bin, addresses }: Plan): Promise<Service> {
  const { node, ports } = addresses;
  const config = join(statePath, "config", "kube-proxy.json");
  const kubeconfig = join(statePath, "config", "kube-proxy.kubeconfig");
  return {
    name: "kube-proxy",
    // It looks for the node, which the kubelet registers, ever more seldom.
    needs: [listening(node, ports.apiserver), listening(node, ports.kubelet)],
    files: {
      [kubeconfig]: await kubeconfigFor(apiserverUrl(addresses), "system:kube-proxy"),
      [config]: JSON.stringify({
        apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
        kind: "KubeProxyConfiguration",
        mode: "iptables",
        bindAddress: node,
        healthzBindAddress: `127.0.0.1:${ports.kubeProxyHealth}`,
        metricsBindAddress: `127.0.0.1:${ports.kubeProxyMetrics}`,
        nodePortAddresses: ["127.0.0.0/8"],
        clusterCIDR: podNetwork,
        detectLocalMode: "ClusterCIDR",
        hostnameOverride: nodeName,
        clientConnection: { kubeconfig },
        conntrack: { maxPerCore: 0 },
        oomScoreAdj: 0,
      }),
    },
    environment: { GOGC: "60" },
    isReady: () => answers(`http://127.0.0.1:${ports.kubeProxyHealth}/healthz`),
    command: [join(bin, "kubernetes"), "kube-proxy", `--config=${config}`],
  };
}
