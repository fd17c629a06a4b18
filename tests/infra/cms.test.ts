import { cmsSecrets } from "../../infra/cms-secrets.ts";
import { Cms } from "../../infra/cms.ts";
import { registrationsOf, secret } from "../mocks.ts";
import { protectedBy } from "./protected-by.ts";

const args = {
  namespace: "dev",
  image: "registry/cms:1",
  databaseUrl: { value: "postgres://cms", revision: "" },
  publicUrl: "http://127.0.0.1:30100",
  adminEmail: "admin@example.com",
  generations: {},
  protectData: false,
  replicas: 1,
  databaseCaName: "database-ca",
  googleServiceAccount: "cms@google.example",
  nodePort: 30100,
};

test("creates its secrets, one Secret that holds them, a volume for uploaded files, and the chart that names both", async () => {
  expect(await registrationsOf(() => new Cms("cms", args))).toEqual([
    { path: "marketing-stack:infra:Cms::cms", inputs: {} },
    {
      path: "marketing-stack:infra:Cms$kubernetes:core/v1:PersistentVolumeClaim::cms-media",
      inputs: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: {
          name: "cms-media",
          namespace: "dev",
          labels: { "app.kubernetes.io/name": "cms", "app.kubernetes.io/instance": "cms" },
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "5Gi" } },
        },
      },
    },
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
          CONTENT_API_TOKEN: "generated-cms-content-api-token",
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
          mediaClaimName: "cms-media",
          nodePort: 30100,
          serviceAnnotations: { "pulumi.com/skipAwait": "true" },
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
      path: "marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::cms-content-api-token",
      inputs: { length: 64, minLower: 1, minNumeric: 1, minUpper: 1, special: false },
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

test("with a bucket for uploaded files there is no volume", async () => {
  const mediaBucket = "prod-project-media";
  const registrations = await registrationsOf(() => new Cms("cms", { ...args, mediaBucket }));
  expect(registrations.map(({ path }) => path).join()).not.toContain("PersistentVolumeClaim");
  const { values } = registrations.find(({ path }) => path.includes("Chart"))!.inputs;
  expect(values).toMatchObject({ mediaBucket });
  expect(values).not.toHaveProperty("mediaClaimName");
});

test.each([
  [true, ["kubernetes:core/v1:PersistentVolumeClaim::cms-media"]],
  [false, []],
])("with protectData %s protects %j", async (protectData, resources) => {
  expect(await protectedBy((opts) => new Cms("cms", { ...args, protectData }, opts))).toEqual(
    resources,
  );
});

test("while its secrets are rotated it sends what everybody knows and accepts what came before", async () => {
  const generations = Object.fromEntries(
    Object.keys(cmsSecrets).map((end) => [`cms-${end}`, [1, 0]]),
  );
  const databaseUrl = { value: "postgres://cms_b", revision: "1" };
  const registrations = await registrationsOf(
    () => new Cms("cms", { ...args, databaseUrl, generations }),
  );
  const of = (type: string) => registrations.find(({ path }) => path.includes(type))!.inputs;
  expect(of("core/v1:Secret").stringData).toEqual(
    secret({
      ADMIN_EMAIL: "admin@example.com",
      ADMIN_JWT_SECRET: "generated-cms-admin-jwt-secret.1",
      ADMIN_PASSWORD: "generated-cms-admin-password.1",
      API_TOKEN_SALT: "generated-cms-api-token-salt.1",
      API_TOKEN_SALT_PREVIOUS: "generated-cms-api-token-salt",
      APP_KEYS: "generated-cms-app-keys.1,generated-cms-app-keys",
      CONTENT_API_TOKEN: "generated-cms-content-api-token.1",
      CONTENT_API_TOKEN_PREVIOUS: "generated-cms-content-api-token",
      DATABASE_URL: "postgres://cms_b",
      ENCRYPTION_KEY: "generated-cms-encryption-key.1",
      JWT_SECRET: "generated-cms-jwt-secret.1",
      TRANSFER_TOKEN_SALT: "generated-cms-transfer-token-salt.1",
      WEBHOOK_TOKEN: "generated-cms-webhook-token",
      WORKER_API_TOKEN: "generated-cms-worker-api-token.1",
      WORKER_API_TOKEN_PREVIOUS: "generated-cms-worker-api-token",
    }),
  );
  expect((of("helm.sh/v4:Chart").values as { secretRevision: string }).secretRevision).toBe(
    [
      "DATABASE_URL=1",
      "APP_KEYS=1+0",
      "API_TOKEN_SALT=1",
      "API_TOKEN_SALT_PREVIOUS=0",
      "ADMIN_JWT_SECRET=1",
      "TRANSFER_TOKEN_SALT=1",
      "JWT_SECRET=1",
      "ENCRYPTION_KEY=1",
      "ADMIN_EMAIL=admin@example.com",
      "ADMIN_PASSWORD=1",
      "WORKER_API_TOKEN=1",
      "WORKER_API_TOKEN_PREVIOUS=0",
      "CONTENT_API_TOKEN=1",
      "CONTENT_API_TOKEN_PREVIOUS=0",
    ].join(" "),
  );
});
