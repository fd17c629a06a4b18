import type { Resource } from "./rule.ts";

/** Parts of a container that rules look at. */
export interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly ports?: readonly { readonly hostPort?: number }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: {
    readonly privileged?: boolean;
    readonly allowPrivilegeEscalation?: boolean;
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly capabilities?: {
      readonly add?: readonly string[];
      readonly drop?: readonly string[];
    };
    readonly seccompProfile?: { readonly type?: string };
  };
}

/** Parts of a pod that rules look at. */
export interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: Container["securityContext"];
  readonly initContainers?: readonly Container[];
  readonly containers?: readonly Container[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
}

/** The pod that a resource is or makes; undefined if it makes none. */
export function podOf({ type, props }: Resource): PodSpec | undefined {
  const spec = props.spec as Record<string, unknown> | undefined;
  switch (type.split(":").at(-1)) {
    case "Pod":
      return type.startsWith("kubernetes:") ? (spec as PodSpec) : undefined;
    case "CronJob":
      return templateOf((spec?.jobTemplate as { spec?: Record<string, unknown> })?.spec);
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
    case "Job":
      return type.startsWith("kubernetes:") ? templateOf(spec) : undefined;
    default:
      return undefined;
  }
}

/** All containers of a pod, those that run before it included. */
export function containersOf(pod: PodSpec): readonly Container[] {
  return [...(pod.initContainers ?? []), ...(pod.containers ?? [])];
}

function templateOf(spec: Record<string, unknown> | undefined): PodSpec {
  return (spec?.template as { spec?: PodSpec } | undefined)?.spec ?? {};
}
