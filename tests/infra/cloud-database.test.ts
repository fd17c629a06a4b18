import * as pulumi from "@pulumi/pulumi";
import { CloudDatabase } from "../../infra/cloud-database.ts";
import { registrationsOf, secret } from "../mocks.ts";
import { protectedBy } from "./protected-by.ts";

const args = {
  project: "prod-project",
  region: "europe-west1",
  network: "vpc",
  namespace: "prod",
  tier: "db-custom-2-7680",
  diskGib: 20,
  protectData: true,
  generations: {},
  labels: { env: "prod" },
};
const own = "marketing-stack:infra:CloudDatabase";

test("creates a private, redundant server, its administrator, and what its clients need to know", async () => {
  const password = (role: string) => ({
    path: `${own}$random:index/randomPassword:RandomPassword::database-${role}`,
    inputs: { length: 32, special: false },
  });
  expect(await registrationsOf(() => new CloudDatabase("database", args))).toEqual([
    { path: `${own}::database`, inputs: {} },
    {
      path: `${own}$gcp:sql/databaseInstance:DatabaseInstance::database`,
      inputs: {
        databaseVersion: "POSTGRES_15",
        deletionProtection: true,
        name: "marketing-stack",
        project: "prod-project",
        region: "europe-west1",
        settings: {
          availabilityType: "REGIONAL",
          backupConfiguration: {
            backupRetentionSettings: { retainedBackups: 30, retentionUnit: "COUNT" },
            enabled: true,
            pointInTimeRecoveryEnabled: true,
            startTime: "01:00",
            transactionLogRetentionDays: 7,
          },
          deletionProtectionEnabled: true,
          diskAutoresize: true,
          diskSize: 20,
          diskType: "PD_SSD",
          edition: "ENTERPRISE",
          insightsConfig: { queryInsightsEnabled: true },
          ipConfiguration: {
            ipv4Enabled: false,
            privateNetwork: "vpc",
            serverCaMode: "GOOGLE_MANAGED_INTERNAL_CA",
            sslMode: "ENCRYPTED_ONLY",
          },
          maintenanceWindow: { day: 2, hour: 3, updateTrack: "stable" },
          passwordValidationPolicy: { enablePasswordPolicy: true, minLength: 32 },
          retainBackupsOnDelete: true,
          tier: "db-custom-2-7680",
          userLabels: { env: "prod" },
        },
      },
    },
    {
      path: `${own}$gcp:sql/user:User::database-postgres`,
      inputs: {
        deletionPolicy: "ABANDON",
        instance: "marketing-stack",
        name: "postgres",
        password: secret("generated-database-postgres"),
        project: "prod-project",
      },
    },
    {
      path: `${own}$kubernetes:core/v1:ConfigMap::database-ca`,
      inputs: {
        apiVersion: "v1",
        data: { "ca.pem": "old\nnew" },
        kind: "ConfigMap",
        metadata: { name: "database-ca", namespace: "prod" },
      },
    },
    {
      path: `${own}$kubernetes:core/v1:Secret::database-logins`,
      inputs: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "database", namespace: "prod" },
        stringData: secret({
          CMS_PASSWORD: "generated-database-cms",
          COLLECTOR_PASSWORD: "generated-database-collector",
          POSTGRES_PASSWORD: "generated-database-postgres",
          READER_PASSWORD: "generated-database-reader",
          WORKER_PASSWORD: "generated-database-worker",
        }),
      },
    },
    password("cms"),
    password("collector"),
    password("postgres"),
    password("reader"),
    password("worker"),
  ]);
});

test.each([
  [true, ["gcp:sql/databaseInstance:DatabaseInstance::database"]],
  [false, []],
])(
  "with protectData %s protects %j, and Google's own protection is the same",
  async (protectData, resources) => {
    const changed = { ...args, protectData };
    expect(await protectedBy((opts) => new CloudDatabase("database", changed, opts))).toEqual(
      resources,
    );
    const registrations = await registrationsOf(() => new CloudDatabase("database", changed));
    expect(
      registrations.find(({ path }) => path.includes("DatabaseInstance"))?.inputs,
    ).toMatchObject({
      deletionProtection: protectData,
      settings: { deletionProtectionEnabled: protectData, retainBackupsOnDelete: protectData },
    });
  },
);

test("the URL of a role is a secret that asks for encryption and the server's own authority", async () => {
  let database: CloudDatabase | undefined;
  await registrationsOf(() => {
    database = new CloudDatabase("database", args);
  });
  const { value } = database!.url("worker", "marketing");
  expect(await pulumi.isSecret(value)).toBe(true);
  expect(await new Promise((resolve) => value.apply(resolve))).toBe(
    "postgres://worker:generated-database-worker@10.72.0.3:5432/marketing" +
      "?sslmode=verify-ca&sslrootcert=/etc/database-ca/ca.pem&uselibpqcompat=true",
  );
});

test("fails on a disk that Cloud SQL does not have", async () => {
  await expect(
    registrationsOf(() => new CloudDatabase("database", { ...args, diskGib: 5 })),
  ).rejects.toThrow("diskGib must be a whole number of at least 10, got 5");
});
