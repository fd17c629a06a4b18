import { BackupBucket } from "../../infra/backup-bucket.ts";
import { registrationsOf } from "../mocks.ts";
import { protectedBy } from "./protected-by.ts";

const args = {
  project: "prod-project",
  region: "europe-west1",
  protectData: true,
  labels: { env: "prod" },
};

test("creates a bucket that is never public and keeps each object for 30 days at least", async () => {
  expect(await registrationsOf(() => new BackupBucket("backups", args))).toEqual([
    { path: "marketing-stack:infra:BackupBucket::backups", inputs: {} },
    {
      path: "marketing-stack:infra:BackupBucket$gcp:storage/bucket:Bucket::backups",
      inputs: {
        labels: { env: "prod" },
        lifecycleRules: [{ action: { type: "Delete" }, condition: { age: 365 } }],
        location: "EUROPE-WEST1",
        name: "prod-project-backups",
        project: "prod-project",
        publicAccessPrevention: "enforced",
        retentionPolicy: { retentionPeriod: "2592000" },
        softDeletePolicy: { retentionDurationSeconds: 2_592_000 },
        storageClass: "NEARLINE",
        uniformBucketLevelAccess: true,
      },
    },
  ]);
});

test.each([
  [true, ["gcp:storage/bucket:Bucket::backups"]],
  [false, []],
])("with protectData %s protects %j", async (protectData, resources) => {
  expect(
    await protectedBy((opts) => new BackupBucket("backups", { ...args, protectData }, opts)),
  ).toEqual(resources);
});
