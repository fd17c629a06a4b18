import type { Resource, Rule } from "../rule.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Resources whose loss is the loss of data, and by which field the cloud itself refuses to delete them. */
const holdingData: Readonly<Record<string, string | null>> = {
  "gcp:artifactregistry/repository:Repository": null,
  "gcp:bigquery/dataset:Dataset": null,
  "gcp:bigquery/table:Table": "deletionProtection",
  "gcp:container/cluster:Cluster": "deletionProtection",
  "gcp:dns/managedZone:ManagedZone": null,
  "gcp:kms/cryptoKey:CryptoKey": null,
  "gcp:kms/keyRing:KeyRing": null,
  "gcp:pubsub/subscription:Subscription": null,
  "gcp:pubsub/topic:Topic": null,
  "gcp:secretmanager/secret:Secret": null,
  "gcp:sql/databaseInstance:DatabaseInstance": "deletionProtection",
  "gcp:storage/bucket:Bucket": null,
  "kubernetes:core/v1:Namespace": null,
  "kubernetes:core/v1:PersistentVolumeClaim": null,
};

/** What holds data cannot go by mistake, and comes back. */
export const dataProtection: Rule = {
  name: "data-protection",
  description: "What holds data is protected where the stack says so, and databases are backed up.",
  check(resource, { protectsData }) {
    return [
      ...(protectsData ? unprotected(resource) : []),
      ...(resource.type === "gcp:sql/databaseInstance:DatabaseInstance"
        ? backupProblems(resource.props)
        : []),
    ];
  },
};

function unprotected({ type, props, isProtected }: Resource): string[] {
  if (claimsVolumes(type, props)) return volumeProblems(props);
  const field = holdingData[type];
  if (field === undefined) return [];
  return [
    ...(isProtected
      ? []
      : ["protect must be true where protectData is, got false; take dataProtection of infra/"]),
    ...(field === null || props[field] === true
      ? []
      : [
          `${field} must be true where protectData is, got ${JSON.stringify(props[field]) ?? "nothing"}; the cloud itself refuses then`,
        ]),
  ];
}

/** Whether a StatefulSet makes volumes: they are what has to stay, the pods can be made anew. */
function claimsVolumes(type: string, props: Fields): boolean {
  const claims = (props.spec as Fields | undefined)?.volumeClaimTemplates;
  return type === "kubernetes:apps/v1:StatefulSet" && Array.isArray(claims) && claims.length > 0;
}

function volumeProblems(props: Fields): string[] {
  const { persistentVolumeClaimRetentionPolicy: policy = {} } = props.spec as {
    persistentVolumeClaimRetentionPolicy?: Fields;
  };
  return ["whenDeleted", "whenScaled"]
    .filter((field) => policy[field] === "Delete")
    .map(
      (field) =>
        `spec.persistentVolumeClaimRetentionPolicy.${field} must be Retain where protectData is true, got Delete; its volumes would go`,
    );
}

function backupProblems(props: Fields): string[] {
  const { backupConfiguration = {} } = (props.settings ?? {}) as { backupConfiguration?: Fields };
  return ["enabled", "pointInTimeRecoveryEnabled"]
    .filter((field) => backupConfiguration[field] !== true)
    .map(
      (field) =>
        `settings.backupConfiguration.${field} must be true, got ${JSON.stringify(backupConfiguration[field]) ?? "nothing"}; a mistake could not be undone`,
    );
}
