import { MediaBucket } from "../../infra/media-bucket.ts";
import { registrationsOf } from "../mocks.ts";
import { protectedBy } from "./protected-by.ts";

const args = {
  project: "prod-project",
  region: "europe-west1",
  protectData: true,
  labels: { env: "prod" },
};

test("creates a bucket that is never public and gives back for 30 days what was deleted or overwritten", async () => {
  expect(await registrationsOf(() => new MediaBucket("media", args))).toEqual([
    { path: "marketing-stack:infra:MediaBucket::media", inputs: {} },
    {
      path: "marketing-stack:infra:MediaBucket$gcp:storage/bucket:Bucket::media",
      inputs: {
        labels: { env: "prod" },
        location: "EUROPE-WEST1",
        name: "prod-project-media",
        project: "prod-project",
        publicAccessPrevention: "enforced",
        softDeletePolicy: { retentionDurationSeconds: 2_592_000 },
        storageClass: "STANDARD",
        uniformBucketLevelAccess: true,
      },
    },
  ]);
});

test.each([
  [true, ["gcp:storage/bucket:Bucket::media"]],
  [false, []],
])("with protectData %s protects %j", async (protectData, resources) => {
  expect(
    await protectedBy((opts) => new MediaBucket("media", { ...args, protectData }, opts)),
  ).toEqual(resources);
});
