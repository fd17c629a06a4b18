import type { Case } from "../case.ts";
import { bucket, cluster, database, googleLabels, withSettings } from "../good.ts";

type Props = Readonly<Record<string, unknown>>;

function of(type: string, what: string, good: Props, mutant: Props, says: string): Case {
  return { rule: "encryption", what, type, stack: "prod", good, mutant, says: [says] };
}

const BUCKET = "gcp:storage/bucket:Bucket";
const ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const backend = { backendRefs: [{ name: "cms", port: 1337 }] };
const route = (sectionName: string | undefined, rule: object): Props => ({
  spec: {
    hostnames: ["cms.example.com"],
    parentRefs: [{ name: "public", sectionName }],
    rules: [rule],
  },
});
const redirect = (scheme: string): object => ({
  filters: [{ type: "RequestRedirect", requestRedirect: { scheme, statusCode: 301 } }],
});
const routeSays = (got: string): string =>
  `spec.parentRefs.sectionName must be https, got ${got}; plain HTTP only redirects`;
const asks = (host: string, useSsl: boolean): Props => ({
  monitoredResource: { type: "uptime_url", labels: { host } },
  httpCheck: { path: "/healthz/ready", port: 443, useSsl },
});

/** Mutants of what is encrypted and shown to nobody, each with its good twin. */
export const encryptionCases: readonly Case[] = [
  of(
    "gcp:sql/databaseInstance:DatabaseInstance",
    "plain connections",
    database,
    withSettings({ ipConfiguration: { ipv4Enabled: false } }),
    "settings.ipConfiguration.sslMode must be ENCRYPTED_ONLY or TRUSTED_CLIENT_CERTIFICATE_REQUIRED, got nothing; passwords and people's data cross the network",
  ),
  of(
    "gcp:container/cluster:Cluster",
    "plain Secrets",
    cluster,
    { ...cluster, databaseEncryption: undefined },
    "databaseEncryption.state must be ENCRYPTED, got nothing; the cluster's database holds every Secret",
  ),
  of(
    BUCKET,
    "a bucket that may be public",
    bucket,
    { ...bucket, publicAccessPrevention: "inherited" },
    'publicAccessPrevention must be enforced, got "inherited"; a mistake would publish it',
  ),
  of(
    BUCKET,
    "objects with rights of their own",
    bucket,
    { ...bucket, uniformBucketLevelAccess: false },
    "uniformBucketLevelAccess must be true, got false; a single object's rights are seen by nobody",
  ),
  of(
    "gcp:compute/sSLPolicy:SSLPolicy",
    "an old TLS",
    { minTlsVersion: "TLS_1_2" },
    { minTlsVersion: "TLS_1_0" },
    'minTlsVersion must be TLS_1_2 or TLS_1_3, got "TLS_1_0"; older versions are broken',
  ),
  of(
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
    "plain HTTP",
    { ...asks("cms.example.com", true), userLabels: googleLabels },
    { ...asks("cms.example.com", false), userLabels: googleLabels },
    "httpCheck.useSsl must be true, got false; the certificate is checked with it",
  ),
  of(
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
    "plain HTTP to a name that only begins like this machine",
    { ...asks("127.0.0.1", false), userLabels: googleLabels },
    { ...asks("127.example.com", false), userLabels: googleLabels },
    "httpCheck.useSsl must be true, got false; the certificate is checked with it",
  ),
  of(
    ROUTE,
    "pages by plain HTTP",
    route("https", backend),
    route("http", backend),
    routeSays('"http"'),
  ),
  of(
    ROUTE,
    "pages by every listener",
    route("https", backend),
    route(undefined, backend),
    routeSays("nothing"),
  ),
  of(
    ROUTE,
    "a redirect from plain HTTP to itself",
    route("http", redirect("https")),
    route("http", redirect("http")),
    routeSays('"http"'),
  ),
];
