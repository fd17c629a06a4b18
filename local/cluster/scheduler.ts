import { join } from "node:path";
import { statePath } from "../paths.ts";
import { listening, type Service } from "../supervisor/service.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { apiserverUrl, type Plan } from "./plan.ts";
import { answersSecurely } from "./probe.ts";

/** Kubernetes' scheduler. */
export async function scheduler({ bin, addresses }: Plan): Promise<Service> {
  const { node, ports } = addresses;
  const kubeconfig = join(statePath, "config", "scheduler.kubeconfig");
  return {
    name: "scheduler",
    needs: [listening(node, ports.apiserver)],
    files: { [kubeconfig]: await kubeconfigFor(apiserverUrl(addresses), "system:kube-scheduler") },
    environment: { GOGC: "60" },
    isReady: () => answersSecurely(`https://127.0.0.1:${ports.scheduler}/healthz`),
    command: [
      join(bin, "kubernetes"),
      "kube-scheduler",
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${ports.scheduler}`,
      "--leader-elect=false",
      "--profiling=false",
    ],
  };
}
