import { join } from "node:path";
import { statePath } from "../paths.ts";
import { containerdAnswers, listening, type Service } from "../supervisor/service.ts";
import { isNodeReady } from "./api.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { authorityPath, keyPair } from "./pki.ts";
import { answers } from "./probe.ts";
import {
  apiserverUrl,
  clusterDomain,
  containerdSocket,
  dnsServiceAddress,
  nodeName,
  type Plan,
} from "./plan.ts";

/** Runs the pods of the one node. */
export async function kubelet({ bin, addresses }: Plan): Promise<Service> {
  const { node, ports } = addresses;
  const user = `system:node:${nodeName}`;
  const config = join(statePath, "config", "kubelet.json");
  const kubeconfig = join(statePath, "config", "kubelet.kubeconfig");
  const server = await keyPair("kubelet", {
    authority: "cluster",
    name: user,
    serves: [`IP:${node}`],
  });
  return {
    name: "kubelet",
    needs: [containerdAnswers(containerdSocket), listening(node, ports.apiserver)],
    folders: [kubeletPath, join(statePath, "pod-logs")],
    files: {
      [config]: JSON.stringify(
        kubeletConfig({ node, port: ports.kubelet, healthPort: ports.kubeletHealth, ...server }),
        undefined,
        2,
      ),
      [kubeconfig]: await kubeconfigFor(apiserverUrl(addresses), user, "system:nodes"),
    },
    environment: { GOGC: "60" },
    isReady: async () =>
      (await answers(`http://127.0.0.1:${ports.kubeletHealth}/healthz`)) && (await isNodeReady()),
    command: [
      join(bin, "kubernetes"),
      "kubelet",
      `--config=${config}`,
      `--kubeconfig=${kubeconfig}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${node}`,
      `--root-dir=${kubeletPath}`,
      `--cert-dir=${join(kubeletPath, "pki")}`,
    ],
  };
}

/** The kubelet's folder: volumes of pods are mounted below it. */
export const kubeletPath = join(statePath, "kubelet");

/** The kubelet's configuration, for cgroups of version 1 and 2 alike. */
export function kubeletConfig(options: {
  node: string;
  port: number;
  healthPort: number;
  certificate: string;
  key: string;
}): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: options.node,
    port: options.port,
    healthzBindAddress: "127.0.0.1",
    healthzPort: options.healthPort,
    tlsCertFile: options.certificate,
    tlsPrivateKeyFile: options.key,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: authorityPath("cluster") },
    },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    cgroupDriver: "cgroupfs",
    failCgroupV1: false,
    failSwapOn: false,
    // The machine is shared with its user: nothing is reserved, and a full disk is told before pods are evicted.
    enforceNodeAllocatable: [],
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "500Mi",
      "imagefs.available": "500Mi",
    },
    imageGCHighThresholdPercent: 100,
    imageMaximumGCAge: "168h",
    oomScoreAdj: 0,
    clusterDNS: [dnsServiceAddress],
    clusterDomain,
    podLogsDir: join(statePath, "pod-logs"),
    volumePluginDir: join(kubeletPath, "volume-plugins"),
    containerLogMaxSize: "10Mi",
    containerLogMaxFiles: 3,
    serializeImagePulls: false,
    rotateCertificates: false,
  };
}
