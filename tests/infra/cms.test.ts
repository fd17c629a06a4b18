import { Cms } from "../../infra/cms.ts";
import { registrationsOf, secret } from "../mocks.ts";

const args = {
  namespace: "dev",
  image: "registry/cms:1",
  databaseUrl: { value: "postgres://cms", revision: "" },
  publicUrl: "http://127.0.0.1:30100",
  adminEmail: "admin@example.com",
  generations: {},
  replicas: 1,
  databaseCaName: "database-ca",
  googleServiceAccount: "cms@google.example",
  nodePort: 30100,
};

test("creates its secrets, one Secret that holds them, and the chart that names it", async () => {
  expect(await registrationsOf(() => new Cms("cms", args))).toEqual([
    { path: "marketing-stack:infra:Cms::cms", inputs: {} },
    {
      path: "marketing-stack:infra:Cms$kubernetes:core/v1:Secret::cms",
      inputs: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "cms", namespace: "dev" },
        stringData: secret({
          ADMIN_EMAIL: "admin@example.com",
          ADMIN_JWT_SECRET: "generated-cms-admin-jwt-secret",
          ADMIN_PASSWORD: "generated-cms-admin-password",
          API_TOKEN_SALT: "generated-cms-api-token-salt",
          APP_KEYS: "generated-cms-app-keys",
          DATABASE_URL: "postgres://cms",
          ENCRYPTION_KEY: "generated-cms-encryption-key",
          JWT_SECRET: "generated-cms-jwt-secret",
          TRANSFER_TOKEN_SALT: "generated-cms-transfer-token-salt",
          WEBHOOK_TOKEN: "generated-cms-webhook-token",
          WORKER_API_TOKEN: "generated-cms-worker-api-token",
        }),
      },
    },
    {
      path: "marketing-stack:infra:Cms$kubernetes:helm.sh/v4:Chart::cms",
      inputs: {
        chart: "./charts/cms",
        namespace: "dev",
        values: {
          image: "registry/cms:1",
          databaseCaName: "database-ca",
          googleServiceAccount: "cms@google.example",
          nodePort: 30100,
          publicUrl: "http://127.0.0.1:30100",
          replicas: 1,
          secretName: "cms",
          secretRevision: "ADMIN_EMAIL=admin@example.com",
        },
      },
    },
    {
      path: "marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::cms-admin-jwt-secret",
      inputs: { length: 32, minLower: 1, minNumeric: 1, minUpper: 1, special: false },
    },
    {
      path: "marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::cms-admin-password",
      inputs: { length: 24, minLower: 1, minNumeric: 1, minUpper: 1, special: false },
    },
    {
      path: "marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::cms-api-token-salt",
      inputs: { length: 32, minLower: 1, minNumeric: 1, minUpper: 1, special: false },
    },
    {
      path: "marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::cms-app-keys",
      inputs: { length: 32, minLower: 1, minNumeric: 1, minUpper: 1, special: false },
    },
    {
      path: "marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::cms-encryption-key",
      inputs: { length: 32, minLower: 1, minNumeric: 1, minUpper: 1, special: false },
    },
    {
      path: "marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::cms-jwt-secret",
      inputs: { length: 32, minLower: 1, minNumeric: 1, minUpper: 1, special: false },
    },
    {
      path: "marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::cms-transfer-token-salt",
      inputs: { length: 32, minLower: 1, minNumeric: 1, minUpper: 1, special: false },
    },
    {
      path: "marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::cms-webhook-token",
      inputs: { length: 48, minLower: 1, minNumeric: 1, minUpper: 1, special: false },
    },
    {
      path: "marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::cms-worker-api-token",
      inputs: { length: 64, minLower: 1, minNumeric: 1, minUpper: 1, special: false },
    },
  ]);
});
