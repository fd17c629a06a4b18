import {
  containersOf,
  podOf,
  type Container,
  type PodSpec,
  type SecurityContext,
} from "../pods.ts";
import type { Rule } from "../rule.ts";

/** Kinds of volumes that the Pod Security Standard `restricted` admits. */
const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** What is demanded of a field: `<field> must …`, whether it is so, what it is, and what to do. */
type Demand = readonly [must: string, isMet: boolean, got: unknown, remedy: string];

const RESTRICTED = "take infra/restricted-pod.ts";
const NODE = "pods share nothing with their node";

/** Pods meet the Pod Security Standard `restricted`, and namespaces enforce it. */
export const podSecurity: Rule = {
  name: "pod-security",
  description: "Pods meet the Pod Security Standard restricted, and namespaces enforce it.",
  check(resource) {
    if (resource.type === "kubernetes:core/v1:Namespace") return namespaceProblems(resource.props);
    const pod = podOf(resource);
    if (!pod) return [];
    return [
      ...problems("pod", podDemands(pod)),
      ...containersOf(pod).flatMap((container) =>
        problems(`container ${container.name}`, containerDemands(container, pod)),
      ),
    ];
  },
};

function namespaceProblems(props: Readonly<Record<string, unknown>>): string[] {
  const { labels = {} } = (props.metadata ?? {}) as { labels?: Record<string, string> };
  const level = labels["pod-security.kubernetes.io/enforce"];
  return problems("namespace", [
    [
      "label pod-security.kubernetes.io/enforce must be restricted",
      level === "restricted",
      level,
      "take StackNamespace",
    ],
  ]);
}

function problems(where: string, demands: readonly Demand[]): string[] {
  return demands
    .filter(([, isMet]) => !isMet)
    .map(
      ([must, , got, remedy]) =>
        `${where}: ${must}, got ${JSON.stringify(got) ?? "nothing"}; ${remedy}`,
    );
}

function podDemands(pod: PodSpec): Demand[] {
  const shared = (["hostNetwork", "hostPID", "hostIPC"] as const).map((field): Demand => [
    `${field} must be false`,
    !pod[field],
    pod[field],
    NODE,
  ]);
  const volumes = (pod.volumes ?? []).flatMap(({ name, ...source }) =>
    Object.keys(source).map((kind): Demand => [
      `volume ${String(name)} must be one of ${VOLUMES.join(", ")}`,
      VOLUMES.includes(kind) || source[kind] === null || source[kind] === undefined,
      kind,
      NODE,
    ]),
  );
  const { securityContext: context = {} } = pod;
  return [
    ...shared,
    ...volumes,
    ["sysctls must be empty", !context.sysctls?.length, context.sysctls?.length, NODE],
    ...confinement(context),
  ];
}

function containerDemands(container: Container, pod: PodSpec): Demand[] {
  const own = container.securityContext ?? {};
  const shared = pod.securityContext ?? {};
  const { add = [], drop = [] } = own.capabilities ?? {};
  const seccomp = own.seccompProfile?.type ?? shared.seccompProfile?.type;
  const nonRoot = own.runAsNonRoot ?? shared.runAsNonRoot;
  const user = own.runAsUser ?? shared.runAsUser;
  const ports = (container.ports ?? []).flatMap(({ hostPort }) => hostPort || []);
  const { allowPrivilegeEscalation: escalation, procMount, privileged } = own;
  return [
    ["privileged must be false", !privileged, privileged, RESTRICTED],
    ["allowPrivilegeEscalation must be false", escalation === false, escalation, RESTRICTED],
    ["runAsNonRoot must be true", nonRoot === true, nonRoot, RESTRICTED],
    ["runAsUser must be another than root", user !== 0, user, RESTRICTED],
    ["capabilities.drop must hold ALL", drop.includes("ALL"), drop, RESTRICTED],
    [
      "capabilities.add must hold NET_BIND_SERVICE at most",
      add.every((capability) => capability === "NET_BIND_SERVICE"),
      add,
      RESTRICTED,
    ],
    [
      "seccompProfile must be RuntimeDefault or Localhost",
      seccomp === "RuntimeDefault" || seccomp === "Localhost",
      seccomp,
      RESTRICTED,
    ],
    ["procMount must be Default", (procMount ?? "Default") === "Default", procMount, RESTRICTED],
    ["hostPort must not be set", ports.length === 0, ports, "take a Service"],
    ...confinement(own),
  ];
}

/** What holds of a pod and of a container alike. */
function confinement({ appArmorProfile, seLinuxOptions, windowsOptions }: SecurityContext) {
  const appArmor = appArmorProfile?.type ?? "RuntimeDefault";
  const hostProcess = windowsOptions?.hostProcess;
  const demands: Demand[] = [
    [
      "appArmorProfile must be RuntimeDefault or Localhost",
      appArmor === "RuntimeDefault" || appArmor === "Localhost",
      appArmor,
      RESTRICTED,
    ],
    [
      "seLinuxOptions must not be set",
      Object.keys(seLinuxOptions ?? {}).length === 0,
      seLinuxOptions,
      RESTRICTED,
    ],
    ["hostProcess must be false", !hostProcess, hostProcess, NODE],
  ];
  return demands;
}
