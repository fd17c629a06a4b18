import type { Resource, Rule } from "../rule.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Where each kind of resource says how it is encrypted: path, what is demanded, why. */
const demands: Readonly<
  Record<string, readonly (readonly [path: string, wanted: readonly unknown[], why: string])[]>
> = {
  "gcp:sql/databaseInstance:DatabaseInstance": [
    [
      "settings.ipConfiguration.sslMode",
      ["ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"],
      "passwords and people's data cross the network",
    ],
  ],
  "gcp:container/cluster:Cluster": [
    ["databaseEncryption.state", ["ENCRYPTED"], "the cluster's database holds every Secret"],
  ],
  "gcp:storage/bucket:Bucket": [
    ["uniformBucketLevelAccess", [true], "a single object's rights are seen by nobody"],
    ["publicAccessPrevention", ["enforced"], "a mistake would publish it"],
  ],
  "gcp:compute/sSLPolicy:SSLPolicy": [
    ["minTlsVersion", ["TLS_1_2", "TLS_1_3"], "older versions are broken"],
  ],
  "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": [
    ["httpCheck.useSsl", [true], "the certificate is checked with it"],
  ],
};

/** What is stored and sent is encrypted, and shown to nobody. */
export const encryption: Rule = {
  name: "encryption",
  description: "What is stored and sent is encrypted, and no storage can be public.",
  check({ type, props }: Resource) {
    return (demands[type] ?? [])
      .map(([path, wanted, why]) => ({ path, wanted, why, got: at(props, path) }))
      .filter(({ wanted, got }) => !wanted.includes(got))
      .map(
        ({ path, wanted, why, got }) =>
          `${path} must be ${wanted.join(" or ")}, got ${JSON.stringify(got) ?? "nothing"}; ${why}`,
      );
  },
};

function at(props: Fields, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (value as Fields | undefined)?.[key], props);
}
