import { podTemplateOf } from "../pods.ts";
import type { Rule } from "../rule.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Labels of what runs in the cluster. */
const IN_CLUSTER = ["app.kubernetes.io/name", "app.kubernetes.io/instance"];

/** Labels of what is on Google Cloud: bills and searches go by them. */
const ON_GOOGLE = ["app", "env"];

/** Kinds on Google Cloud that take labels, and where. */
const labelled: Readonly<Record<string, readonly string[]>> = {
  "gcp:artifactregistry/repository:Repository": ["labels"],
  "gcp:bigquery/dataset:Dataset": ["labels"],
  "gcp:bigquery/table:Table": ["labels"],
  "gcp:certificatemanager/certificate:Certificate": ["labels"],
  "gcp:certificatemanager/certificateMap:CertificateMap": ["labels"],
  "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": ["labels"],
  "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": ["labels"],
  "gcp:compute/globalAddress:GlobalAddress": ["labels"],
  "gcp:compute/securityPolicy:SecurityPolicy": ["labels"],
  "gcp:container/cluster:Cluster": ["resourceLabels"],
  "gcp:dns/managedZone:ManagedZone": ["labels"],
  "gcp:kms/cryptoKey:CryptoKey": ["labels"],
  "gcp:monitoring/alertPolicy:AlertPolicy": ["userLabels"],
  "gcp:monitoring/customService:CustomService": ["userLabels"],
  "gcp:monitoring/notificationChannel:NotificationChannel": ["userLabels"],
  "gcp:monitoring/slo:Slo": ["userLabels"],
  "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": ["userLabels"],
  "gcp:pubsub/subscription:Subscription": ["labels"],
  "gcp:pubsub/topic:Topic": ["labels"],
  "gcp:secretmanager/secret:Secret": ["labels"],
  "gcp:sql/databaseInstance:DatabaseInstance": ["settings", "userLabels"],
  "gcp:storage/bucket:Bucket": ["labels"],
};

/** Everything says what it belongs to. */
export const labels: Rule = {
  name: "labels",
  description: "Everything that takes labels says what it belongs to.",
  check(resource) {
    const { type, props } = resource;
    const path = labelled[type];
    if (path) {
      const found = path.reduce<unknown>(
        (value, key) => (value as Fields | undefined)?.[key],
        props,
      );
      return missing(path.join("."), ON_GOOGLE, (found ?? {}) as Fields);
    }
    const pods = podTemplateOf(resource);
    if (!pods && type !== "kubernetes:core/v1:Service") return [];
    const { labels = {} } = (props.metadata ?? {}) as { labels?: Fields };
    return [
      ...missing("metadata.labels", IN_CLUSTER, labels),
      ...(pods && pods !== props
        ? missing("labels of the pods", IN_CLUSTER, pods.metadata?.labels ?? {})
        : []),
    ];
  },
};

function missing(where: string, demanded: readonly string[], found: Fields): string[] {
  return demanded
    .filter((label) => !found[label])
    .map(
      (label) =>
        `${where} must hold ${label}, got ${JSON.stringify(Object.keys(found))}; searches and bills go by it`,
    );
}
