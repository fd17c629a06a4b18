import { alertmanager } from "./alertmanager/alertmanager.ts";
import { apiserver } from "./cluster/apiserver.ts";
import { containerd } from "./cluster/containerd.ts";
import { controllerManager } from "./cluster/controller-manager.ts";
import { coredns } from "./cluster/coredns.ts";
import { etcd } from "./cluster/etcd.ts";
import { kubeProxy } from "./cluster/kube-proxy.ts";
import { kubelet } from "./cluster/kubelet.ts";
import type { Plan } from "./cluster/plan.ts";
import { volumeProvisioner } from "./cluster/provisioner.ts";
import { scheduler } from "./cluster/scheduler.ts";
import { monitoring } from "./monitoring-service.ts";
import { podTargets } from "./prometheus/pod-targets.ts";
import { prometheus } from "./prometheus/prometheus.ts";
import { receiver } from "./receiver-service.ts";
import { docker } from "./registry/docker.ts";
import { registry } from "./registry/registry.ts";
import type { Service } from "./supervisor/service.ts";

/**
 * The platform's processes, in the order in which they need each other; they end in the opposite order.
 *
 * @param cluster whether Kubernetes is among them, or just what builds images and watches.
 */
export async function platformServices(
  plan: Plan,
  { cluster }: { cluster: boolean },
): Promise<Service[]> {
  const controlPlane = [etcd, apiserver, controllerManager, scheduler];
  const node = [kubelet, kubeProxy, coredns, volumeProvisioner, podTargets];
  return Promise.all([
    registry(plan),
    ...(cluster ? controlPlane.map((service) => service(plan)) : []),
    containerd(plan),
    docker(),
    ...(cluster ? node.map((service) => service(plan)) : []),
    receiver(plan, { cluster }),
    alertmanager(plan),
    prometheus(plan),
    monitoring(plan),
  ]);
}
