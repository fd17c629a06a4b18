import type { Case } from "../case.ts";
import { bucket, cluster, database, names, pod, withSettings } from "../good.ts";

type Props = Readonly<Record<string, unknown>>;

function of(type: string, what: string, good: Props, mutant: Props, ...says: string[]): Case {
  return { rule: "data-protection", what, type, stack: "prod", good, mutant, says };
}

const namespace = {
  metadata: { name: "app", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
};
const claim = {
  metadata: { name: "app", labels: names },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};
const SQL = "gcp:sql/databaseInstance:DatabaseInstance";
const withVolumes = (policy: object): Props => ({
  metadata: { name: "app", labels: names },
  spec: {
    serviceName: "app",
    selector: { matchLabels: names },
    template: { metadata: { labels: names }, spec: pod },
    persistentVolumeClaimRetentionPolicy: {
      whenDeleted: "Retain",
      whenScaled: "Retain",
      ...policy,
    },
    volumeClaimTemplates: [
      { metadata: { name: "data" }, spec: { resources: { requests: { storage: "1Gi" } } } },
    ],
  },
});

/** Mutants of what holds data, each with its good twin. */
export const dataProtectionCases: readonly Case[] = [
  of(
    SQL,
    "no way back",
    database,
    withSettings({ backupConfiguration: { enabled: false } }),
    "settings.backupConfiguration.enabled must be true, got false; a mistake could not be undone",
    "settings.backupConfiguration.pointInTimeRecoveryEnabled must be true, got nothing; a mistake could not be undone",
  ),
  of(
    SQL,
    "a database that the cloud would delete",
    database,
    { ...database, deletionProtection: false },
    "deletionProtection must be true where protectData is, got false; the cloud itself refuses then",
  ),
  of(
    "gcp:container/cluster:Cluster",
    "a cluster that the cloud would delete",
    cluster,
    { ...cluster, deletionProtection: false },
    "deletionProtection must be true where protectData is, got false; the cloud itself refuses then",
  ),
  {
    ...of(
      "gcp:storage/bucket:Bucket",
      "a bucket that the engine would delete",
      bucket,
      bucket,
      "protect must be true where protectData is, got false; take dataProtection of infra/",
    ),
    isProtected: false,
  },
  {
    ...of(
      "kubernetes:core/v1:Namespace",
      "a namespace that the engine would delete, with the volumes in it",
      namespace,
      namespace,
      "protect must be true where protectData is, got false; take dataProtection of infra/",
    ),
    isProtected: false,
  },
  {
    ...of(
      "kubernetes:core/v1:PersistentVolumeClaim",
      "a volume that the engine would delete",
      claim,
      claim,
      "protect must be true where protectData is, got false; take dataProtection of infra/",
    ),
    isProtected: false,
  },
  ...["whenDeleted", "whenScaled"].map((field) =>
    of(
      "kubernetes:apps/v1:StatefulSet",
      `volumes that go, ${field}`,
      withVolumes({}),
      withVolumes({ [field]: "Delete" }),
      `spec.persistentVolumeClaimRetentionPolicy.${field} must be Retain where protectData is true, got Delete; its volumes would go`,
    ),
  ),
];
