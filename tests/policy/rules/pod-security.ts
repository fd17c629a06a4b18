import type { Case } from "../case.ts";
import { container, pod, podCase, withContainer } from "../good.ts";

const own = container.securityContext;
const withSecurity = (changed: object): object =>
  withContainer({ securityContext: { ...own, ...changed } });
const withShared = (changed: object): object => ({
  ...pod,
  securityContext: { ...pod.securityContext, ...changed },
});
const RESTRICTED = "take infra/restricted-pod.ts";
const NODE = "pods share nothing with their node";

const podMutants: readonly (readonly [what: string, pod: object, says: string])[] = [
  [
    "hostNetwork",
    { ...pod, hostNetwork: true },
    `pod: hostNetwork must be false, got true; ${NODE}`,
  ],
  ["hostPID", { ...pod, hostPID: true }, `pod: hostPID must be false, got true; ${NODE}`],
  ["hostIPC", { ...pod, hostIPC: true }, `pod: hostIPC must be false, got true; ${NODE}`],
  [
    "a folder of the node",
    { ...pod, volumes: [{ name: "node", hostPath: { path: "/" } }] },
    `pod: volume node must be one of configMap, csi, downwardAPI, emptyDir, ephemeral, persistentVolumeClaim, projected, secret, got "hostPath"; ${NODE}`,
  ],
  [
    "a setting of the kernel",
    withShared({ sysctls: [{ name: "kernel.msgmax", value: "1" }] }),
    `pod: sysctls must be empty, got 1; ${NODE}`,
  ],
  [
    "privileges",
    withSecurity({ privileged: true }),
    `container app: privileged must be false, got true; ${RESTRICTED}`,
  ],
  [
    "escalation left open",
    withSecurity({ allowPrivilegeEscalation: undefined }),
    `container app: allowPrivilegeEscalation must be false, got nothing; ${RESTRICTED}`,
  ],
  [
    "root",
    withSecurity({ runAsUser: 0 }),
    `container app: runAsUser must be another than root, got 0; ${RESTRICTED}`,
  ],
  [
    "root let in by a container",
    withSecurity({ runAsNonRoot: false }),
    `container app: runAsNonRoot must be true, got false; ${RESTRICTED}`,
  ],
  [
    "capabilities kept",
    withSecurity({ capabilities: {} }),
    `container app: capabilities.drop must hold ALL, got []; ${RESTRICTED}`,
  ],
  [
    "a capability added",
    withSecurity({ capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } }),
    `container app: capabilities.add must hold NET_BIND_SERVICE at most, got ["SYS_ADMIN"]; ${RESTRICTED}`,
  ],
  [
    "no seccomp profile",
    withShared({ seccompProfile: undefined }),
    `container app: seccompProfile must be RuntimeDefault or Localhost, got nothing; ${RESTRICTED}`,
  ],
  [
    "the seccomp profile lifted by a container",
    withSecurity({ seccompProfile: { type: "Unconfined" } }),
    `container app: seccompProfile must be RuntimeDefault or Localhost, got "Unconfined"; ${RESTRICTED}`,
  ],
  [
    "no AppArmor",
    withShared({ appArmorProfile: { type: "Unconfined" } }),
    `pod: appArmorProfile must be RuntimeDefault or Localhost, got "Unconfined"; ${RESTRICTED}`,
  ],
  [
    "another domain of SELinux",
    withSecurity({ seLinuxOptions: { type: "spc_t" } }),
    `container app: seLinuxOptions must not be set, got {"type":"spc_t"}; ${RESTRICTED}`,
  ],
  [
    "all of /proc",
    withSecurity({ procMount: "Unmasked" }),
    `container app: procMount must be Default, got "Unmasked"; ${RESTRICTED}`,
  ],
  [
    "a process of the node",
    withSecurity({ windowsOptions: { hostProcess: true } }),
    `container app: hostProcess must be false, got true; ${NODE}`,
  ],
  [
    "a port of the node",
    withContainer({ ports: [{ containerPort: 8080, hostPort: 80 }] }),
    "container app: hostPort must not be set, got [80]; take a Service",
  ],
];

const level = (enforce: string): Record<string, unknown> => ({
  metadata: { name: "app", labels: { "pod-security.kubernetes.io/enforce": enforce } },
});

/** Mutants of pods and of what confines them, each with its good twin. */
export const podSecurityCases: readonly Case[] = [
  ...podMutants.map(([what, mutant, says]) => podCase("pod-security", what, mutant, says)),
  {
    rule: "pod-security",
    what: "a level that admits more",
    type: "kubernetes:core/v1:Namespace",
    stack: "prod",
    good: level("restricted"),
    mutant: level("baseline"),
    says: [
      'namespace: label pod-security.kubernetes.io/enforce must be restricted, got "baseline"; take StackNamespace',
    ],
  },
];

/** Inputs of each kind that makes pods, of a pod `spec`. */
export const makersOfPods: Readonly<Record<string, (spec: object) => Record<string, unknown>>> = {
  "kubernetes:core/v1:Pod": (spec) => ({ spec }),
  "kubernetes:core/v1:PodTemplate": (spec) => ({ template: { spec } }),
  "kubernetes:core/v1:ReplicationController": (spec) => ({ spec: { template: { spec } } }),
  "kubernetes:apps/v1:Deployment": (spec) => ({ spec: { template: { spec } } }),
  "kubernetes:apps/v1:StatefulSet": (spec) => ({ spec: { template: { spec } } }),
  "kubernetes:apps/v1:DaemonSet": (spec) => ({ spec: { template: { spec } } }),
  "kubernetes:apps/v1:ReplicaSet": (spec) => ({ spec: { template: { spec } } }),
  "kubernetes:batch/v1:Job": (spec) => ({ spec: { template: { spec } } }),
  "kubernetes:batch/v1:CronJob": (spec) => ({
    spec: { jobTemplate: { spec: { template: { spec } } } },
  }),
};
