import { join } from "node:path";
import { debianImage } from "../images/names.ts";
import { statePath } from "../paths.ts";
import { listening, type Service } from "../supervisor/service.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { apiserverUrl, registryHost, type Plan } from "./plan.ts";

/** User as whom the provisioner makes volumes, and the namespace of the pods that make and remove their folders. */
export const provisioner = {
  user: "local-path-provisioner",
  namespace: "local-path-storage",
} as const;

/** Where the volumes' data lies. */
export const volumesPath = join(statePath, "volumes");

/** Makes a folder of this machine for every volume that is claimed: Rancher's local-path-provisioner. */
export async function volumeProvisioner({ bin, addresses }: Plan): Promise<Service> {
  const { node, ports } = addresses;
  const config = join(statePath, "config", "provisioner", "config.json");
  const helper = join(statePath, "config", "provisioner", "helper-pod.json");
  const kubeconfig = join(statePath, "config", "provisioner.kubeconfig");
  const image = `${registryHost(addresses)}/${debianImage}`;
  return {
    name: "volume-provisioner",
    needs: [listening(node, ports.apiserver)],
    folders: [volumesPath],
    files: {
      [kubeconfig]: await kubeconfigFor(apiserverUrl(addresses), provisioner.user),
      [config]: JSON.stringify({
        nodePathMap: [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [volumesPath] }],
      }),
      [helper]: JSON.stringify({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "helper-pod" },
        spec: { containers: [{ name: "helper-pod", image, imagePullPolicy: "IfNotPresent" }] },
      }),
    },
    environment: { GOGC: "60" },
    command: [
      join(bin, "local-path-provisioner"),
      "start",
      `--config=${config}`,
      `--kubeconfig=${kubeconfig}`,
      `--namespace=${provisioner.namespace}`,
      `--helper-image=${image}`,
      `--helper-pod-file=${helper}`,
      `--configmap-name=${provisioner.user}`,
      "--service-account-name=default",
    ],
  };
}
