import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { revisionOf, type SecretValue } from "./secret-value.ts";

/** The Secret that a service takes its environment from. */
export interface ServiceSecret {
  readonly resource: k8s.core.v1.Secret;

  /** Changes exactly when the Secret's content does: pods that carry it restart then, and only then. */
  readonly revision: string;
}

/** Creates the `Secret` `name` in `namespace` with one key per value that is defined. */
export function serviceSecret(
  name: string,
  namespace: string,
  values: Readonly<Record<string, SecretValue | undefined>>,
  opts: pulumi.CustomResourceOptions,
): ServiceSecret {
  const defined = Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, SecretValue] => Boolean(entry[1])),
  );
  const resource = new k8s.core.v1.Secret(
    name,
    {
      metadata: { name, namespace },
      stringData: Object.fromEntries(
        Object.entries(defined).map(([key, { value }]) => [key, value]),
      ),
    },
    opts,
  );
  return { resource, revision: revisionOf(defined) };
}
