/** A resource that a rule accepts, and its twin that differs in one thing and is refused. */
export interface Case {
  readonly rule: string;
  /** What the mutant has. */
  readonly what: string;
  readonly type: string;
  readonly stack: "dev" | "prod";
  /** Where the twin is good. @default - where the mutant is refused */
  readonly goodStack?: "dev" | "prod";
  readonly good: Record<string, unknown>;
  readonly mutant: Record<string, unknown>;
  /** Whether the engine protects the mutant. @default true */
  readonly isProtected?: boolean;
  /** Everything that the rule says of the mutant. */
  readonly says: readonly string[];
}

const DIGEST = `sha256:${"a".repeat(64)}`;

/** A container that every rule accepts. */
const container = {
  name: "app",
  image: `registry.example/marketing-stack/app@${DIGEST}`,
  ports: [{ containerPort: 8080 }],
  resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
  },
};

/** A pod that every rule accepts. */
const pod = {
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 10001,
    seccompProfile: { type: "RuntimeDefault" },
  },
  containers: [container],
  volumes: [{ name: "tmp", emptyDir: {} }],
};

const names = { "app.kubernetes.io/name": "app", "app.kubernetes.io/instance": "app" };

/** Inputs of a Deployment of `spec`. */
function deployment(spec: object, labels: object = names): Record<string, unknown> {
  return {
    metadata: { name: "app", labels },
    spec: { template: { metadata: { labels }, spec } },
  };
}

/** The pod with one thing of its container changed. */
function withContainer(changed: object): object {
  return { ...pod, containers: [{ ...container, ...changed }] };
}

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

function ofPod(
  rule: string,
  what: string,
  mutant: object,
  says: readonly string[],
  stack: Case["stack"] = "prod",
): Case {
  return {
    rule,
    what,
    type: DEPLOYMENT,
    stack,
    good: deployment(pod),
    mutant: deployment(mutant),
    says,
  };
}

const security = { ...container.securityContext };

const podCases: readonly Case[] = [
  ofPod(
    "images",
    "an image of another registry",
    withContainer({ image: `elsewhere.example/app@${DIGEST}` }),
    [
      `image of container app must come from registry.example, got "elsewhere.example/app@${DIGEST}"; copy it there`,
    ],
  ),
  ofPod(
    "images",
    "a content tag where nothing is built",
    withContainer({ image: `registry.example/app:${"1".repeat(16)}` }),
    [
      `image of container app must be named by digest, got "registry.example/app:${"1".repeat(16)}"; promote a release instead`,
    ],
  ),
  ofPod(
    "images",
    "a tag that can move, in an init container",
    { ...pod, initContainers: [{ ...container, image: "registry.example/app:latest" }] },
    [
      'image of container app must be named by digest or by the digest of its inputs (16 hexadecimal digits), got "registry.example/app:latest"; a tag that can move names another image tomorrow',
    ],
    "dev",
  ),
  ...(["hostNetwork", "hostPID", "hostIPC"] as const).map((field) =>
    ofPod("pod-security", field, { ...pod, [field]: true }, [
      `${field} must not be set, got true; the pod would share it with its node`,
    ]),
  ),
  ofPod(
    "pod-security",
    "a folder of the node",
    { ...pod, volumes: [{ name: "node", hostPath: { path: "/" } }] },
    [
      "volume node must be one of configMap, csi, downwardAPI, emptyDir, ephemeral, persistentVolumeClaim, projected, secret, got hostPath; pods do not reach into their node",
    ],
  ),
  ofPod(
    "pod-security",
    "privileges",
    withContainer({ securityContext: { ...security, privileged: true } }),
    ["container app: privileged must not be set, got true"],
  ),
  ofPod(
    "pod-security",
    "escalation left open",
    withContainer({ securityContext: { capabilities: { drop: ["ALL"] } } }),
    ["container app: allowPrivilegeEscalation must be false, got undefined"],
  ),
  ofPod("pod-security", "root", withContainer({ securityContext: { ...security, runAsUser: 0 } }), [
    "container app: runAsNonRoot must be true and runAsUser another than 0, got user 0",
  ]),
  ofPod(
    "pod-security",
    "capabilities kept",
    withContainer({ securityContext: { ...security, capabilities: {} } }),
    ["container app: capabilities.drop must hold ALL, got []"],
  ),
  ofPod(
    "pod-security",
    "a capability added",
    withContainer({
      securityContext: { ...security, capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } },
    }),
    ['container app: capabilities.add must hold NET_BIND_SERVICE at most, got ["SYS_ADMIN"]'],
  ),
  ofPod("pod-security", "no seccomp profile", { ...pod, securityContext: { runAsNonRoot: true } }, [
    "container app: seccompProfile must be RuntimeDefault, got undefined",
  ]),
  ofPod(
    "pod-security",
    "a port of the node",
    withContainer({ ports: [{ containerPort: 8080, hostPort: 80 }] }),
    ["container app: hostPort must not be set; use a Service"],
  ),
  ofPod("requests-and-limits", "nothing requested", withContainer({ resources: undefined }), [
    "resources.requests.cpu of container app must be set, got nothing; one pod could starve its neighbours",
    "resources.requests.memory of container app must be set, got nothing; one pod could starve its neighbours",
    "resources.limits.memory of container app must be set, got nothing; one pod could starve its neighbours",
  ]),
  {
    ...ofPod("labels", "no instance", pod, [
      'metadata.labels must hold app.kubernetes.io/instance, got ["app.kubernetes.io/name"]',
      'labels of the pods must hold app.kubernetes.io/instance, got ["app.kubernetes.io/name"]',
    ]),
    mutant: deployment(pod, { "app.kubernetes.io/name": "app" }),
  },
];

const withVolumes = (spec: object): Record<string, unknown> => ({
  metadata: { labels: names },
  spec: {
    template: { metadata: { labels: names }, spec: pod },
    volumeClaimTemplates: [{}],
    ...spec,
  },
});
const service = (spec: object): Record<string, unknown> => ({
  metadata: { name: "app", labels: names },
  spec,
});
const database = {
  deletionProtection: true,
  settings: {
    tier: "db-custom-2-7680",
    backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true },
    ipConfiguration: { ipv4Enabled: false, sslMode: "ENCRYPTED_ONLY" },
    userLabels: { app: "marketing-stack", env: "prod" },
  },
};
const withSettings = (changed: object): Record<string, unknown> => ({
  ...database,
  settings: { ...database.settings, ...changed },
});
const cluster = {
  deletionProtection: true,
  resourceLabels: { app: "marketing-stack", env: "prod" },
  privateClusterConfig: { enablePrivateNodes: true },
  controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } },
  databaseEncryption: { state: "ENCRYPTED" },
};
const bucket = {
  labels: { app: "marketing-stack", env: "prod" },
  uniformBucketLevelAccess: true,
  publicAccessPrevention: "enforced",
};
const alert = {
  userLabels: { app: "marketing-stack", env: "prod" },
  severity: "ERROR",
  documentation: { content: "It is down.\n\n# CmsDown\n\n1. Look." },
  notificationChannels: ["channels/1"],
};
const grant = { role: "roles/pubsub.publisher", member: "serviceAccount:collector@example" };

function of(
  type: string,
  rule: string,
  what: string,
  good: Record<string, unknown>,
  mutant: Record<string, unknown>,
  says: readonly string[],
): Case {
  return { rule, what, type, stack: "prod", good, mutant, says };
}

const SQL = "gcp:sql/databaseInstance:DatabaseInstance";
const GKE = "gcp:container/cluster:Cluster";
const ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role";
const BINDING = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding";
const GRANT = "gcp:pubsub/topicIAMMember:TopicIAMMember";
const ALERT = "gcp:monitoring/alertPolicy:AlertPolicy";
const GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway";

const otherCases: readonly Case[] = [
  of(
    "kubernetes:core/v1:Namespace",
    "pod-security",
    "no level",
    { metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
    { metadata: { labels: { "pod-security.kubernetes.io/enforce": "baseline" } } },
    [
      'label pod-security.kubernetes.io/enforce must be restricted, got "baseline"; use StackNamespace',
    ],
  ),
  of(
    "kubernetes:core/v1:Service",
    "listeners",
    "a load balancer of its own",
    service({ type: "ClusterIP" }),
    service({ type: "LoadBalancer" }),
    ["spec.type must be ClusterIP or NodePort, got LoadBalancer; use the gateway"],
  ),
  of(
    "kubernetes:core/v1:Service",
    "listeners",
    "addresses from outside",
    service({ type: "ClusterIP" }),
    service({ type: "ClusterIP", externalIPs: ["203.0.113.1"] }),
    ["spec.externalIPs must not be set; use the gateway"],
  ),
  {
    rule: "listeners",
    what: "a node port that the stack does not have",
    type: "kubernetes:core/v1:Service",
    stack: "dev",
    good: service({ type: "NodePort", ports: [{ nodePort: 30101 }] }),
    mutant: service({ type: "NodePort", ports: [{ nodePort: 30101 }, { nodePort: 32000 }] }),
    says: [
      "nodePort must be one of [30100,30101], got 32000; a stack has the four ports from its portBase",
    ],
  },
  {
    rule: "listeners",
    what: "a gateway on one machine",
    type: GATEWAY,
    stack: "dev",
    goodStack: "prod",
    good: {},
    mutant: {},
    says: ["a Gateway must not be declared by a stack without one; only platform gke has it"],
  },
  of(
    SQL,
    "listeners",
    "a public address",
    database,
    withSettings({ ipConfiguration: { ipv4Enabled: true } }),
    ["settings.ipConfiguration.ipv4Enabled must be false; the database has a private address only"],
  ),
  of(
    SQL,
    "listeners",
    "networks let in",
    database,
    withSettings({
      ipConfiguration: { ipv4Enabled: false, authorizedNetworks: [{ value: "0.0.0.0/0" }] },
    }),
    ["settings.ipConfiguration.authorizedNetworks must be empty; nobody outside reaches it"],
  ),
  of(
    GKE,
    "listeners",
    "public nodes",
    cluster,
    { ...cluster, privateClusterConfig: { enablePrivateNodes: false } },
    ["privateClusterConfig.enablePrivateNodes must be true; nodes have no public address"],
  ),
  of(
    GKE,
    "listeners",
    "a control plane with an address",
    cluster,
    { ...cluster, controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: true } } },
    [
      "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled must be false; the control plane is reached by its DNS name, where IAM decides",
    ],
  ),
  of(
    "gcp:compute/firewall:Firewall",
    "listeners",
    "the whole internet",
    { allows: [{ protocol: "tcp" }], sourceRanges: ["10.0.0.0/8"] },
    { allows: [{ protocol: "tcp" }], sourceRanges: ["0.0.0.0/0"] },
    ["sourceRanges must not be the whole internet; what is public goes through the gateway"],
  ),
  of(
    ROLE,
    "rbac",
    "every verb",
    { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
    { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["*"] }] },
    ['rules[0].verbs must name what it allows, got ["*"]; list what is used'],
  ),
  of(
    BINDING,
    "rbac",
    "the administrator's role",
    { roleRef: { name: "worker" }, subjects: [{ kind: "ServiceAccount", name: "worker" }] },
    { roleRef: { name: "cluster-admin" }, subjects: [{ kind: "ServiceAccount", name: "worker" }] },
    ['roleRef must not be an administrator\'s, got "cluster-admin"; declare a Role'],
  ),
  of(
    BINDING,
    "rbac",
    "the administrators' group",
    { roleRef: { name: "worker" }, subjects: [{ kind: "Group", name: "operators" }] },
    { roleRef: { name: "worker" }, subjects: [{ kind: "Group", name: "system:masters" }] },
    ["subjects must not hold system:masters; bind one service account"],
  ),
  of(GRANT, "iam", "an administrator's role", grant, { ...grant, role: "roles/pubsub.admin" }, [
    'role must be a least one of one service, got "roles/pubsub.admin"; choose its part',
  ]),
  of(GRANT, "iam", "a basic role", grant, { ...grant, role: "roles/editor" }, [
    'role must be a least one of one service, got "roles/editor"; choose its part',
  ]),
  of(GRANT, "iam", "everybody", grant, { ...grant, member: "allUsers" }, [
    "member must be known, got allUsers; name a service account",
  ]),
  of(
    "gcp:projects/iAMCustomRole:IAMCustomRole",
    "iam",
    "a wildcard",
    { permissions: ["pubsub.topics.publish"] },
    { permissions: ["pubsub.*"] },
    ['permissions must be named, got "pubsub.*"'],
  ),
  of(
    SQL,
    "encryption",
    "plain connections",
    database,
    withSettings({ ipConfiguration: { ipv4Enabled: false } }),
    [
      "settings.ipConfiguration.sslMode must be ENCRYPTED_ONLY or TRUSTED_CLIENT_CERTIFICATE_REQUIRED, got nothing; passwords and people's data cross the network",
    ],
  ),
  of(GKE, "encryption", "plain Secrets", cluster, { ...cluster, databaseEncryption: undefined }, [
    "databaseEncryption.state must be ENCRYPTED, got nothing; the cluster's database holds every Secret",
  ]),
  of(
    "gcp:storage/bucket:Bucket",
    "encryption",
    "a bucket that may be public",
    bucket,
    { ...bucket, publicAccessPrevention: "inherited" },
    ['publicAccessPrevention must be enforced, got "inherited"; a mistake would publish it'],
  ),
  of(
    "gcp:compute/sSLPolicy:SSLPolicy",
    "encryption",
    "an old TLS",
    { minTlsVersion: "TLS_1_2" },
    { minTlsVersion: "TLS_1_0" },
    ['minTlsVersion must be TLS_1_2 or TLS_1_3, got "TLS_1_0"; older versions are broken'],
  ),
  of(
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
    "encryption",
    "plain HTTP",
    { httpCheck: { useSsl: true }, userLabels: { app: "marketing-stack", env: "prod" } },
    { httpCheck: { useSsl: false } },
    ["httpCheck.useSsl must be true, got false; the certificate is checked with it"],
  ),
  of(
    SQL,
    "data-protection",
    "no way back",
    database,
    withSettings({ backupConfiguration: { enabled: false } }),
    [
      "settings.backupConfiguration.enabled must be true, got false; a mistake could not be undone",
      "settings.backupConfiguration.pointInTimeRecoveryEnabled must be true, got nothing; a mistake could not be undone",
    ],
  ),
  of(
    SQL,
    "data-protection",
    "the cloud would delete it",
    database,
    { ...database, deletionProtection: false },
    ["deletionProtection must be true where protectData is true; the cloud itself then refuses"],
  ),
  {
    rule: "data-protection",
    what: "the engine would delete it",
    type: "gcp:storage/bucket:Bucket",
    stack: "prod",
    good: bucket,
    mutant: bucket,
    isProtected: false,
    says: ["protect must be set where protectData is true; its data would go with it"],
  },
  of(
    "kubernetes:apps/v1:StatefulSet",
    "data-protection",
    "volumes that go with it",
    withVolumes({ persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain" } }),
    withVolumes({}),
    [
      "persistentVolumeClaimRetentionPolicy.whenDeleted must be Retain where protectData is true, got nothing",
    ],
  ),
  of("gcp:storage/bucket:Bucket", "labels", "no labels", bucket, { ...bucket, labels: {} }, [
    "labels must hold app, got []",
    "labels must hold env, got []",
  ]),
  of(
    "kubernetes:core/v1:Service",
    "labels",
    "no name",
    service({}),
    { metadata: { labels: { "app.kubernetes.io/instance": "app" } } },
    ['metadata.labels must hold app.kubernetes.io/name, got ["app.kubernetes.io/instance"]'],
  ),
  of(ALERT, "alert-policies", "no severity", alert, { ...alert, severity: undefined }, [
    "severity must be CRITICAL, ERROR or WARNING, got nothing; whom it wakes depends on it",
  ]),
  of(
    ALERT,
    "alert-policies",
    "no runbook",
    alert,
    { ...alert, documentation: { content: "It is down." } },
    [
      "documentation.content must hold a runbook, got 11 characters without a heading; write alerts/runbooks/<alert>.md",
    ],
  ),
  of(ALERT, "alert-policies", "no channel", alert, { ...alert, notificationChannels: [] }, [
    "notificationChannels must name at least one channel, got none; nobody would hear it",
  ]),
];

/** At least one mutant of each rule. */
export const cases: readonly Case[] = [...podCases, ...otherCases];
