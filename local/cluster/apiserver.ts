import { join } from "node:path";
import { statePath } from "../paths.ts";
import { listening, type Service } from "../supervisor/service.ts";
import { apiserverAnswers } from "./api.ts";
import { authorityPath, keyPair, randomKey, serviceAccountKeyPath } from "./pki.ts";
import {
  apiserverServiceAddress,
  clusterDomain,
  nodePorts,
  serviceNetwork,
  type Plan,
} from "./plan.ts";

/** User as whom the API server calls the kubelet, for logs and exec. */
export const kubeletClient = "apiserver-kubelet-client";

/** The Kubernetes API on the node's address; Secrets are encrypted with a key of this machine before etcd sees them. */
export async function apiserver({ bin, addresses: { node, ports } }: Plan): Promise<Service> {
  const server = await keyPair("apiserver", {
    authority: "cluster",
    name: "kube-apiserver",
    serves: [
      `IP:${node}`,
      `IP:${apiserverServiceAddress}`,
      ...["kubernetes", "kubernetes.default", "kubernetes.default.svc"].map(
        (name) => `DNS:${name}`,
      ),
      `DNS:kubernetes.default.svc.${clusterDomain}`,
    ],
  });
  const toEtcd = await keyPair("apiserver-etcd-client", {
    authority: "etcd",
    name: "kube-apiserver",
  });
  const toKubelet = await keyPair(kubeletClient, { authority: "cluster", name: kubeletClient });
  const encryption = join(statePath, "config", "encryption.json");
  return {
    name: "apiserver",
    needs: [listening("127.0.0.1", ports.etcd)],
    files: { [encryption]: encryptionOf(await randomKey("encryption.key", 32)) },
    environment: { GOGC: "60" },
    isReady: apiserverAnswers,
    command: [
      join(bin, "kubernetes"),
      "kube-apiserver",
      `--bind-address=${node}`,
      `--advertise-address=${node}`,
      `--secure-port=${ports.apiserver}`,
      `--tls-cert-file=${server.certificate}`,
      `--tls-private-key-file=${server.key}`,
      `--client-ca-file=${authorityPath("cluster")}`,
      "--anonymous-auth=false",
      `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
      `--etcd-cafile=${authorityPath("etcd")}`,
      `--etcd-certfile=${toEtcd.certificate}`,
      `--etcd-keyfile=${toEtcd.key}`,
      `--encryption-provider-config=${encryption}`,
      `--kubelet-certificate-authority=${authorityPath("cluster")}`,
      `--kubelet-client-certificate=${toKubelet.certificate}`,
      `--kubelet-client-key=${toKubelet.key}`,
      "--kubelet-preferred-address-types=InternalIP",
      `--service-account-issuer=https://kubernetes.default.svc.${clusterDomain}`,
      `--service-account-key-file=${serviceAccountKeyPath}`,
      `--service-account-signing-key-file=${serviceAccountKeyPath}`,
      `--service-cluster-ip-range=${serviceNetwork}`,
      `--service-node-port-range=${nodePorts.first}-${nodePorts.last}`,
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      "--allow-privileged=true",
      "--profiling=false",
    ],
  };
}

function encryptionOf(secret: string): string {
  return JSON.stringify({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [
      {
        resources: ["secrets"],
        providers: [{ secretbox: { keys: [{ name: "machine", secret }] } }, { identity: {} }],
      },
    ],
  });
}
