import type { Resource } from "./rule.ts";

/** How a container, or all of a pod, is confined. */
export interface SecurityContext {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly procMount?: string;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly capabilities?: {
    readonly add?: readonly string[];
    readonly drop?: readonly string[];
  };
  readonly seccompProfile?: { readonly type?: string };
  readonly appArmorProfile?: { readonly type?: string };
  readonly seLinuxOptions?: {
    readonly type?: string;
    readonly user?: string;
    readonly role?: string;
  };
  readonly sysctls?: readonly { readonly name?: string }[];
  readonly windowsOptions?: { readonly hostProcess?: boolean };
}

/** Parts of a container that rules look at. */
export interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly ports?: readonly { readonly hostPort?: number }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: SecurityContext;
}

/** Parts of a pod that rules look at. */
export interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: SecurityContext;
  readonly initContainers?: readonly Container[];
  readonly containers?: readonly Container[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
}

/** A pod, or what pods are made from. */
export interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: PodSpec;
}

interface Owner {
  readonly template?: PodTemplate;
}

/** The pod that a resource is or makes; undefined if it makes none. */
export function podTemplateOf({ type, props }: Resource): PodTemplate | undefined {
  const [group, , kind] = type.split(":");
  if (group !== "kubernetes") return undefined;
  switch (kind) {
    case "Pod":
      return props as PodTemplate;
    case "PodTemplate":
      return (props as Owner).template ?? {};
    case "CronJob":
      return (props.spec as { jobTemplate?: { spec?: Owner } })?.jobTemplate?.spec?.template ?? {};
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
    case "ReplicaSet":
    case "ReplicationController":
    case "Job":
      return (props.spec as Owner | undefined)?.template ?? {};
    default:
      return undefined;
  }
}

/** What runs in the pod that a resource is or makes; undefined if it makes none. */
export function podOf(resource: Resource): PodSpec | undefined {
  const template = podTemplateOf(resource);
  return template && (template.spec ?? {});
}

/** All containers of a pod, those that run before it included. */
export function containersOf(pod: PodSpec): readonly Container[] {
  return [...(pod.initContainers ?? []), ...(pod.containers ?? [])];
}
