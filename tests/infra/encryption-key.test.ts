import { EncryptionKey } from "../../infra/encryption-key.ts";
import { registrationsOf } from "../mocks.ts";
import { protectedBy } from "./protected-by.ts";

const args = {
  project: "prod-project",
  region: "europe-west1",
  keyName: "cluster-secrets",
  user: "robot@google.example",
  protectData: true,
  labels: { env: "prod" },
};
const own = "marketing-stack:infra:EncryptionKey";

test("creates a key that rotates every 90 days, and lets one service account use it", async () => {
  expect(await registrationsOf(() => new EncryptionKey("key", args))).toEqual([
    { path: `${own}::key`, inputs: {} },
    {
      path: `${own}$gcp:kms/cryptoKey:CryptoKey::key`,
      inputs: {
        destroyScheduledDuration: "2592000s",
        keyRing: "key-id",
        labels: { env: "prod" },
        name: "cluster-secrets",
        purpose: "ENCRYPT_DECRYPT",
        rotationPeriod: "7776000s",
      },
    },
    {
      path: `${own}$gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember::key`,
      inputs: {
        cryptoKeyId: "key-id",
        member: "serviceAccount:robot@google.example",
        role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      },
    },
    {
      path: `${own}$gcp:kms/keyRing:KeyRing::key`,
      inputs: { location: "europe-west1", name: "marketing-stack", project: "prod-project" },
    },
  ]);
});

test.each([
  [true, ["gcp:kms/cryptoKey:CryptoKey::key", "gcp:kms/keyRing:KeyRing::key"]],
  [false, []],
])("with protectData %s protects %j", async (protectData, resources) => {
  expect(
    await protectedBy((opts) => new EncryptionKey("key", { ...args, protectData }, opts)),
  ).toEqual(resources);
});
