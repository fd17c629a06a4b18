import { isIPv4 } from "node:net";
import type { Resource, Rule } from "../rule.ts";

type Fields = Readonly<Record<string, unknown>>;

const ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const UPTIME_CHECK = "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig";

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
};

/** What is stored and sent is encrypted, and shown to nobody. */
export const encryption: Rule = {
  name: "encryption",
  description: "What is stored and sent is encrypted, and no storage can be public.",
  check({ type, props }: Resource) {
    if (type === ROUTE) return plainRoutes(props);
    if (type === UPTIME_CHECK) return plainChecks(props);
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

/** An uptime check without TLS, unless what it asks stays on this machine. */
function plainChecks(props: Fields): string[] {
  const got = at(props, "httpCheck.useSsl");
  const host = String(at(props, "monitoredResource.labels.host"));
  if (got === true || (isIPv4(host) && host.startsWith("127."))) return [];
  return [
    `httpCheck.useSsl must be true, got ${JSON.stringify(got) ?? "nothing"}; the certificate is checked with it`,
  ];
}

/** A route that the listener without TLS serves too, unless all it does is to send people to HTTPS. */
function plainRoutes(props: Fields): string[] {
  const { parentRefs = [], rules = [] } = (props.spec ?? {}) as {
    parentRefs?: readonly { readonly sectionName?: string }[];
    rules?: readonly {
      readonly filters?: readonly { readonly requestRedirect?: { readonly scheme?: string } }[];
    }[];
  };
  const isRedirect =
    rules.length > 0 &&
    rules.every(({ filters = [] }) =>
      filters.some(({ requestRedirect }) => requestRedirect?.scheme === "https"),
    );
  if (isRedirect) return [];
  // Without a section a route is of every listener, and without a parent of none.
  return parentRefs
    .filter(({ sectionName }) => sectionName !== "https")
    .map(
      ({ sectionName }) =>
        `spec.parentRefs.sectionName must be https, got ${JSON.stringify(sectionName) ?? "nothing"}; plain HTTP only redirects`,
    );
}
