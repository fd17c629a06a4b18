import type { Case } from "./case.ts";

/** Labels that Google Cloud's resources have. */
export const googleLabels = { app: "marketing-stack", env: "prod" };

/** Labels that objects in the cluster have. */
export const names = { "app.kubernetes.io/name": "app", "app.kubernetes.io/instance": "app" };

/** Image that every rule accepts. */
export const image = `registry.example/marketing-stack/app@sha256:${"a".repeat(64)}`;

/** Container that every rule accepts. */
export const container = {
  name: "app",
  image,
  ports: [{ containerPort: 8080 }],
  resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};

/** Pod that every rule accepts. */
export const pod = {
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 10001,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containers: [container],
  volumes: [{ name: "tmp", emptyDir: {} }],
};

/** The pod with one thing of its container changed. */
export function withContainer(changed: object): object {
  return { ...pod, containers: [{ ...container, ...changed }] };
}

/** Inputs of a Deployment that makes pods of `spec`. */
export function deployment(spec: object, labels: object = names): Record<string, unknown> {
  return {
    metadata: { name: "app", labels },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
    },
  };
}

/** Inputs of a Service. */
export function service(spec: object): Record<string, unknown> {
  return { metadata: { name: "app", labels: names }, spec };
}

/** Cases of a rule about pods: a Deployment of the good pod, and one of the `mutant`. */
export function podCase(
  rule: string,
  what: string,
  mutant: object,
  ...says: readonly string[]
): Case {
  return {
    rule,
    what,
    type: "kubernetes:apps/v1:Deployment",
    stack: "prod",
    good: deployment(pod),
    mutant: deployment(mutant),
    says,
  };
}

/** Cloud SQL instance that every rule accepts. */
export const database = {
  deletionProtection: true,
  settings: {
    tier: "db-custom-2-7680",
    backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true },
    ipConfiguration: { ipv4Enabled: false, sslMode: "ENCRYPTED_ONLY" },
    userLabels: googleLabels,
  },
};

/** The database with some of its settings changed. */
export function withSettings(changed: object): Record<string, unknown> {
  return { ...database, settings: { ...database.settings, ...changed } };
}

/** GKE cluster that every rule accepts. */
export const cluster = {
  deletionProtection: true,
  resourceLabels: googleLabels,
  privateClusterConfig: { enablePrivateNodes: true },
  controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } },
  databaseEncryption: {
    state: "ENCRYPTED",
    keyName: "projects/p/locations/l/keyRings/r/cryptoKeys/k",
  },
};

/** Bucket that every rule accepts. */
export const bucket = {
  labels: googleLabels,
  uniformBucketLevelAccess: true,
  publicAccessPrevention: "enforced",
};
