import { ImageRepository } from "../../infra/image-repository.ts";
import { registrationsOf } from "../mocks.ts";
import { protectedBy } from "./protected-by.ts";

const args = {
  project: "prod-project",
  region: "europe-west1",
  repositoryId: "images",
  reader: "nodes@google.example",
  protectData: true,
  labels: { env: "prod" },
};
const own = "marketing-stack:infra:ImageRepository";

test("creates a repository whose tags never move and nothing cleans up, and lets the nodes read it", async () => {
  expect(await registrationsOf(() => new ImageRepository("images", args))).toEqual([
    { path: `${own}::images`, inputs: {} },
    {
      path: `${own}$gcp:artifactregistry/repository:Repository::images`,
      inputs: {
        dockerConfig: { immutableTags: true },
        format: "DOCKER",
        labels: { env: "prod" },
        location: "europe-west1",
        project: "prod-project",
        repositoryId: "images",
      },
    },
    {
      path: `${own}$gcp:artifactregistry/repositoryIamMember:RepositoryIamMember::images-reader`,
      inputs: {
        location: "europe-west1",
        member: "serviceAccount:nodes@google.example",
        project: "prod-project",
        repository: "images",
        role: "roles/artifactregistry.reader",
      },
    },
  ]);
});

test.each([
  [true, ["gcp:artifactregistry/repository:Repository::images"]],
  [false, []],
])("with protectData %s protects %j", async (protectData, resources) => {
  expect(
    await protectedBy((opts) => new ImageRepository("images", { ...args, protectData }, opts)),
  ).toEqual(resources);
});
