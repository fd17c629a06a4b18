import { SecretVault } from "../../infra/secret-vault.ts";
import { registrationsOf, secret } from "../mocks.ts";
import { protectedBy } from "./protected-by.ts";

const args = {
  project: "prod-project",
  secrets: { "admin-password": "not marked as a secret" },
  protectData: true,
  labels: { env: "prod" },
};
const own = "marketing-stack:infra:SecretVault";

test("creates a secret and its version, readable by nobody, and marks the value as secret", async () => {
  expect(await registrationsOf(() => new SecretVault("vault", args))).toEqual([
    { path: `${own}::vault`, inputs: {} },
    {
      path: `${own}$gcp:secretmanager/secret:Secret::vault-admin-password`,
      inputs: {
        deletionProtection: true,
        labels: { env: "prod" },
        project: "prod-project",
        replication: { auto: {} },
        secretId: "admin-password",
        versionDestroyTtl: "2592000s",
      },
    },
    {
      path: `${own}$gcp:secretmanager/secretVersion:SecretVersion::vault-admin-password`,
      inputs: {
        deletionPolicy: "DISABLE",
        secret: "vault-admin-password-id",
        secretData: secret("not marked as a secret"),
      },
    },
  ]);
});

test.each([
  [true, ["gcp:secretmanager/secret:Secret::vault-admin-password"]],
  [false, []],
])("with protectData %s protects %j", async (protectData, resources) => {
  expect(
    await protectedBy((opts) => new SecretVault("vault", { ...args, protectData }, opts)),
  ).toEqual(resources);
});
