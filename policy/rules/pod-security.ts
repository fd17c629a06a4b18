import { containersOf, podOf, type Container, type PodSpec } from "../pods.ts";
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

/** Pods meet the Pod Security Standard `restricted`, and namespaces enforce it. */
export const podSecurity: Rule = {
  name: "pod-security",
  description: "Pods meet the Pod Security Standard restricted, and namespaces enforce it.",
  check(resource) {
    if (resource.type === "kubernetes:core/v1:Namespace") return namespaceProblems(resource.props);
    const pod = podOf(resource);
    if (!pod) return [];
    return [
      ...podProblems(pod),
      ...containersOf(pod).flatMap((container) => containerProblems(container, pod)),
    ];
  },
};

function namespaceProblems(props: Readonly<Record<string, unknown>>): string[] {
  const { labels = {} } = (props.metadata ?? {}) as { labels?: Record<string, string> };
  const level = labels["pod-security.kubernetes.io/enforce"];
  return level === "restricted"
    ? []
    : [
        `label pod-security.kubernetes.io/enforce must be restricted, got ${JSON.stringify(level)}; use StackNamespace`,
      ];
}

function podProblems(pod: PodSpec): string[] {
  const shared = (["hostNetwork", "hostPID", "hostIPC"] as const)
    .filter((field) => pod[field])
    .map((field) => `${field} must not be set, got true; the pod would share it with its node`);
  const volumes = (pod.volumes ?? []).flatMap(({ name, ...source }) =>
    Object.entries(source)
      .filter(([kind, value]) => value !== undefined && value !== null && !VOLUMES.includes(kind))
      .map(
        ([kind]) =>
          `volume ${String(name)} must be one of ${VOLUMES.join(", ")}, got ${kind}; pods do not reach into their node`,
      ),
  );
  return [...shared, ...volumes];
}

function containerProblems(container: Container, pod: PodSpec): string[] {
  const own = container.securityContext ?? {};
  const shared = pod.securityContext ?? {};
  const { add = [], drop = [] } = own.capabilities ?? {};
  const seccomp = own.seccompProfile?.type ?? shared.seccompProfile?.type;
  const user = own.runAsUser ?? shared.runAsUser;
  const demands: [boolean, string][] = [
    [!own.privileged, "privileged must not be set, got true"],
    [
      own.allowPrivilegeEscalation === false,
      `allowPrivilegeEscalation must be false, got ${JSON.stringify(own.allowPrivilegeEscalation)}`,
    ],
    [
      (own.runAsNonRoot ?? shared.runAsNonRoot) === true && user !== 0,
      `runAsNonRoot must be true and runAsUser another than 0, got user ${JSON.stringify(user)}`,
    ],
    [drop.includes("ALL"), `capabilities.drop must hold ALL, got ${JSON.stringify(drop)}`],
    [
      add.every((capability) => capability === "NET_BIND_SERVICE"),
      `capabilities.add must hold NET_BIND_SERVICE at most, got ${JSON.stringify(add)}`,
    ],
    [
      seccomp === "RuntimeDefault" || seccomp === "Localhost",
      `seccompProfile must be RuntimeDefault, got ${JSON.stringify(seccomp)}`,
    ],
    [
      (container.ports ?? []).every(({ hostPort }) => !hostPort),
      "hostPort must not be set; use a Service",
    ],
  ];
  return demands
    .filter(([isMet]) => !isMet)
    .map(([, problem]) => `container ${container.name}: ${problem}`);
}
