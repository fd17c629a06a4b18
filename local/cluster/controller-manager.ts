import { join } from "node:path";
import { statePath } from "../paths.ts";
import { listening, type Service } from "../supervisor/service.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { authorityPath, serviceAccountKeyPath } from "./pki.ts";
import { apiserverUrl, type Plan } from "./plan.ts";
import { answersSecurely } from "./probe.ts";

/** The controllers of Kubernetes: Deployments, StatefulSets, Jobs, endpoints, service accounts. */
export async function controllerManager({ bin, addresses }: Plan): Promise<Service> {
  const { node, ports } = addresses;
  const kubeconfig = join(statePath, "config", "controller-manager.kubeconfig");
  return {
    name: "controller-manager",
    needs: [listening(node, ports.apiserver)],
    files: {
      [kubeconfig]: await kubeconfigFor(apiserverUrl(addresses), "system:kube-controller-manager"),
    },
    environment: { GOGC: "60" },
    isReady: () => answersSecurely(`https://127.0.0.1:${ports.controllerManager}/healthz`),
    command: [
      join(bin, "kubernetes"),
      "kube-controller-manager",
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${ports.controllerManager}`,
      `--root-ca-file=${authorityPath("cluster")}`,
      `--service-account-private-key-file=${serviceAccountKeyPath}`,
      "--use-service-account-credentials",
      "--leader-elect=false",
      "--profiling=false",
    ],
  };
}
