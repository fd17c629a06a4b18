import * as pulumi from "@pulumi/pulumi";
import { AutopilotCluster } from "../../infra/autopilot-cluster.ts";
import { registrationsOf } from "../mocks.ts";
import { protectedBy } from "./protected-by.ts";

const args = {
  project: "prod-project",
  projectNumber: "1234",
  region: "europe-west1",
  network: "vpc",
  subnetwork: "subnet",
  podsRange: "pods",
  servicesRange: "services",
  protectData: true,
  labels: { env: "prod" },
};
const own = "marketing-stack:infra:AutopilotCluster";
const key = "marketing-stack:infra:EncryptionKey";

test("creates a private cluster, the key of its Secrets, and an identity of its nodes", async () => {
  const registrations = await registrationsOf(() => new AutopilotCluster("cluster", args));
  expect(registrations.map(({ path }) => path)).toEqual([
    `${own}::cluster`,
    `${own}$gcp:container/cluster:Cluster::cluster`,
    `${own}$gcp:projects/iAMMember:IAMMember::cluster-nodes`,
    `${own}$gcp:serviceaccount/account:Account::cluster-nodes`,
    `${own}$${key}::cluster-secrets`,
    `${key}$gcp:kms/cryptoKey:CryptoKey::cluster-secrets`,
    `${key}$gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember::cluster-secrets`,
    `${key}$gcp:kms/keyRing:KeyRing::cluster-secrets`,
  ]);
  const inputs = (type: string): unknown =>
    registrations.find(({ path }) => path.includes(`$gcp:${type}:`))!.inputs;
  expect(inputs("container/cluster")).toEqual({
    clusterAutoscaling: {
      autoProvisioningDefaults: { serviceAccount: "marketing-nodes@prod-project.example" },
    },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: true },
      ipEndpointsConfig: { enabled: false },
    },
    databaseEncryption: { keyName: "cluster-secrets-id", state: "ENCRYPTED" },
    datapathProvider: "ADVANCED_DATAPATH",
    deletionProtection: true,
    enableAutopilot: true,
    gatewayApiConfig: { channel: "CHANNEL_STANDARD" },
    ipAllocationPolicy: {
      clusterSecondaryRangeName: "pods",
      servicesSecondaryRangeName: "services",
    },
    location: "europe-west1",
    loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
    maintenancePolicy: {
      recurringWindow: {
        endTime: "2026-01-06T08:00:00Z",
        recurrence: "FREQ=WEEKLY;BYDAY=TU,WE,TH",
        startTime: "2026-01-06T02:00:00Z",
      },
    },
    monitoringConfig: {
      enableComponents: ["SYSTEM_COMPONENTS"],
      managedPrometheus: { enabled: true },
    },
    name: "marketing-stack",
    network: "vpc",
    privateClusterConfig: { enablePrivateNodes: true },
    project: "prod-project",
    releaseChannel: { channel: "REGULAR" },
    resourceLabels: { env: "prod" },
    subnetwork: "subnet",
    workloadIdentityConfig: { workloadPool: "prod-project.svc.id.goog" },
  });
  expect(inputs("serviceaccount/account")).toEqual({
    accountId: "marketing-nodes",
    displayName: "Nodes of the marketing stack",
    project: "prod-project",
  });
  expect(inputs("projects/iAMMember")).toEqual({
    member: "serviceAccount:marketing-nodes@prod-project.example",
    project: "prod-project",
    role: "roles/container.defaultNodeServiceAccount",
  });
  expect(inputs("kms/cryptoKeyIAMMember")).toMatchObject({
    member: "serviceAccount:service-1234@container-engine-robot.iam.gserviceaccount.com",
  });
});

test.each([
  [
    true,
    [
      "gcp:container/cluster:Cluster::cluster",
      "gcp:kms/cryptoKey:CryptoKey::cluster-secrets",
      "gcp:kms/keyRing:KeyRing::cluster-secrets",
    ],
  ],
  [false, []],
])("with protectData %s protects %j", async (protectData, resources) => {
  expect(
    await protectedBy((opts) => new AutopilotCluster("cluster", { ...args, protectData }, opts)),
  ).toEqual(resources);
});

test("its kubeconfig is a secret that names the DNS endpoint and the login plugin", async () => {
  let cluster: AutopilotCluster | undefined;
  await registrationsOf(() => {
    cluster = new AutopilotCluster("cluster", args);
  });
  expect(await pulumi.isSecret(cluster!.kubeconfig)).toBe(true);
  const text = await new Promise<string>((resolve) => cluster!.kubeconfig.apply(resolve));
  expect(JSON.parse(text)).toMatchObject({
    clusters: [{ cluster: { server: "https://gke.example" } }],
    users: [{ user: { exec: { command: "gke-gcloud-auth-plugin" } } }],
    "current-context": "gke",
  });
});
