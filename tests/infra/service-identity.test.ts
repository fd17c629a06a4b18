import { ServiceIdentity } from "../../infra/service-identity.ts";
import { registrationsOf } from "../mocks.ts";

const args = {
  project: "prod-project",
  namespace: "prod",
  service: "collector",
  grants: {
    publish: { role: "roles/pubsub.publisher", topic: "events" },
    "read-key": { role: "roles/secretmanager.secretAccessor", secret: "key" },
    "write-backups": { role: "roles/storage.objectCreator", bucket: "backups" },
  },
};
const own = "marketing-stack:infra:ServiceIdentity";
const member = "serviceAccount:marketing-collector@prod-project.example";

test("creates an account that the service's pods act as, and each grant on its one resource", async () => {
  expect(await registrationsOf(() => new ServiceIdentity("collector", args))).toEqual([
    { path: `${own}::collector`, inputs: {} },
    {
      path: `${own}$gcp:pubsub/topicIAMMember:TopicIAMMember::collector-publish`,
      inputs: { member, project: "prod-project", role: "roles/pubsub.publisher", topic: "events" },
    },
    {
      path: `${own}$gcp:secretmanager/secretIamMember:SecretIamMember::collector-read-key`,
      inputs: {
        member,
        project: "prod-project",
        role: "roles/secretmanager.secretAccessor",
        secretId: "key",
      },
    },
    {
      path: `${own}$gcp:serviceaccount/account:Account::collector`,
      inputs: {
        accountId: "marketing-collector",
        displayName: "Service collector of the marketing stack",
        project: "prod-project",
      },
    },
    {
      path: `${own}$gcp:serviceaccount/iAMMember:IAMMember::collector-workload`,
      inputs: {
        member: "serviceAccount:prod-project.svc.id.goog[prod/collector]",
        role: "roles/iam.workloadIdentityUser",
        serviceAccountId: "projects/prod-project/serviceAccounts/marketing-collector",
      },
    },
    {
      path: `${own}$gcp:storage/bucketIAMMember:BucketIAMMember::collector-write-backups`,
      inputs: { bucket: "backups", member, role: "roles/storage.objectCreator" },
    },
  ]);
});

test("its address is known before the account is made", async () => {
  let identity: ServiceIdentity | undefined;
  await registrationsOf(() => {
    identity = new ServiceIdentity("collector", args);
  });
  expect(identity!.email).toBe("marketing-collector@prod-project.iam.gserviceaccount.com");
});

test("fails on a grant of too much", async () => {
  const grants = { publish: { role: "roles/editor", topic: "events" } };
  await expect(
    registrationsOf(() => new ServiceIdentity("collector", { ...args, grants })),
  ).rejects.toThrow(/^role of grant publish must be .*, got "roles\/editor"/);
});

test("fails on a service whose account would have too long a name", async () => {
  await expect(
    registrationsOf(() => new ServiceIdentity("x", { ...args, service: "a".repeat(21) })),
  ).rejects.toThrow(`service must be 1-20 characters of [a-z0-9-], got "${"a".repeat(21)}"`);
});
