import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { dataProtection } from "./data-protection.ts";

/** Arguments of {@link StackNamespace}. */
export interface StackNamespaceArgs {
  /** Name of the namespace: a DNS label, 1-63 characters. */
  readonly name: string;

  /** Whether the namespace outlives the stack: with it all volumes in it would go. */
  readonly protectData: boolean;
}

/**
 * The namespace of one stack.
 *
 * Creates one `Namespace` in which Kubernetes enforces the Pod Security Standard `restricted`.
 *
 * @throws Error if `name` is not a DNS label.
 */
export class StackNamespace extends pulumi.ComponentResource {
  /** Name, as given. */
  public readonly name: string;

  constructor(name: string, args: StackNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:StackNamespace", name, {}, opts);
    requireDnsLabel(args.name);

    new k8s.core.v1.Namespace(
      name,
      {
        metadata: {
          name: args.name,
          labels: {
            "app.kubernetes.io/part-of": "marketing-stack",
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
      },
      { parent: this, ...dataProtection(args.protectData) },
    );

    this.name = args.name;
    this.registerOutputs({ name: this.name });
  }
}

function requireDnsLabel(name: string): void {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    throw new Error(
      `name must be 1-63 characters of [a-z0-9-] and start and end with a letter or digit, got ${JSON.stringify(name)}`,
    );
  }
}
