import type { Resource, Rule } from "../rule.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Resources whose loss is the loss of data, and by which field the cloud itself refuses to delete them. */
const holdingData: Readonly<Record<string, string | null>> = {
  "gcp:sql/databaseInstance:DatabaseInstance": "deletionProtection",
  "gcp:container/cluster:Cluster": "deletionProtection",
  "gcp:bigquery/table:Table": "deletionProtection",
  "gcp:bigquery/dataset:Dataset": null,
  "gcp:storage/bucket:Bucket": null,
  "gcp:pubsub/topic:Topic": null,
  "gcp:pubsub/subscription:Subscription": null,
  "gcp:kms/cryptoKey:CryptoKey": null,
  "gcp:secretmanager/secret:Secret": null,
  "gcp:artifactregistry/repository:Repository": null,
  "gcp:dns/managedZone:ManagedZone": null,
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

function unprotected(resource: Resource): string[] {
  const { type, props, isProtected } = resource;
  if (!(type in holdingData) && !claimsVolumes(resource)) return [];
  const field = holdingData[type];
  const retention = (
    (props.spec as Fields | undefined)?.persistentVolumeClaimRetentionPolicy as Fields | undefined
  )?.whenDeleted;
  return [
    ...(isProtected || claimsVolumes(resource)
      ? []
      : ["protect must be set where protectData is true; its data would go with it"]),
    ...(field && props[field] !== true
      ? [`${field} must be true where protectData is true; the cloud itself then refuses`]
      : []),
    ...(claimsVolumes(resource) && retention !== "Retain"
      ? [
          `persistentVolumeClaimRetentionPolicy.whenDeleted must be Retain where protectData is true, got ${JSON.stringify(retention) ?? "nothing"}`,
        ]
      : []),
  ];
}

/** Whether a StatefulSet makes volumes: they are what has to stay, the pods can be made anew. */
function claimsVolumes({ type, props }: Resource): boolean {
  const claims = (props.spec as Fields | undefined)?.volumeClaimTemplates;
  return type === "kubernetes:apps/v1:StatefulSet" && Array.isArray(claims) && claims.length > 0;
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
