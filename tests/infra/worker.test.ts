import * as pulumi from "@pulumi/pulumi";
import { Worker } from "../../infra/worker.ts";
import { plainStrings, registrationsOf, secret } from "../mocks.ts";

const args = {
  namespace: "dev",
  image: "registry/worker:1",
  databaseUrl: { value: "postgres://worker", revision: "" },
  cmsApiToken: { value: "cms-token", revision: "" },
  webhookToken: { value: "webhook-token", revision: "1" },
  replicas: 1,
  databaseCaName: "database-ca",
  googleServiceAccount: "worker@google.example",
  nodePort: 30102,
};

test("creates one Secret and the chart that names it", async () => {
  expect(await registrationsOf(() => new Worker("worker", args))).toEqual([
    { path: "marketing-stack:infra:Worker::worker", inputs: {} },
    {
      path: "marketing-stack:infra:Worker$kubernetes:core/v1:Secret::worker",
      inputs: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "worker", namespace: "dev" },
        stringData: secret({
          CMS_API_TOKEN: "cms-token",
          DATABASE_URL: "postgres://worker",
          WEBHOOK_TOKEN: "webhook-token",
        }),
      },
    },
    {
      path: "marketing-stack:infra:Worker$kubernetes:helm.sh/v4:Chart::worker",
      inputs: {
        chart: "./charts/worker",
        namespace: "dev",
        skipCrds: true,
        values: {
          image: "registry/worker:1",
          databaseCaName: "database-ca",
          googleServiceAccount: "worker@google.example",
          nodePort: 30102,
          serviceAnnotations: { "pulumi.com/skipAwait": "true" },
          replicas: 1,
          secretName: "worker",
          secretRevision: "WEBHOOK_TOKEN=1",
        },
      },
    },
  ]);
});

test("a chat webhook goes into the Secret", async () => {
  const chatWebhookUrl = {
    value: pulumi.secret("https://chat.example.com/hook"),
    revision: "c4a7",
  };
  const chat = { ...args, chatWebhookUrl };
  const registrations = await registrationsOf(() => new Worker("worker", chat));
  expect(registrations.find(({ path }) => path.includes("Secret"))?.inputs.stringData).toEqual(
    secret(expect.objectContaining({ CHAT_WEBHOOK_URL: "https://chat.example.com/hook" })),
  );
  expect(plainStrings(registrations)).not.toContain("https://chat.example.com/hook");
});

test("settings of connectors go into the Secret, and nowhere else", async () => {
  const connectors = { value: pulumi.secret('{"team":{"kind":"slack"}}'), revision: "ab12" };
  const registrations = await registrationsOf(() => new Worker("worker", { ...args, connectors }));
  expect(registrations.find(({ path }) => path.includes("Secret"))?.inputs.stringData).toEqual(
    secret(expect.objectContaining({ CONNECTORS: '{"team":{"kind":"slack"}}' })),
  );
  expect(plainStrings(registrations)).not.toContain('{"team":{"kind":"slack"}}');
});

test("how letters leave goes into the Secret, and nowhere else", async () => {
  const mail = {
    value: pulumi.secret('{"smtpUrl":"smtps://mail.example"}'),
    revision: "ab12+cd34",
  };
  const registrations = await registrationsOf(() => new Worker("worker", { ...args, mail }));
  expect(registrations.find(({ path }) => path.includes("Secret"))?.inputs.stringData).toEqual(
    secret(expect.objectContaining({ MAIL: '{"smtpUrl":"smtps://mail.example"}' })),
  );
  expect(plainStrings(registrations)).not.toContain('{"smtpUrl":"smtps://mail.example"}');
});

test("while the webhook's token is rotated the former one is in the Secret as well", async () => {
  const previousWebhookToken = { value: "former-token", revision: "0" };
  const registrations = await registrationsOf(
    () => new Worker("worker", { ...args, previousWebhookToken }),
  );
  const of = (type: string) => registrations.find(({ path }) => path.includes(type))!.inputs;
  expect(of("core/v1:Secret").stringData).toEqual(
    secret({
      CMS_API_TOKEN: "cms-token",
      DATABASE_URL: "postgres://worker",
      WEBHOOK_TOKEN: "webhook-token",
      WEBHOOK_TOKEN_PREVIOUS: "former-token",
    }),
  );
  expect((of("helm.sh/v4:Chart").values as { secretRevision: string }).secretRevision).toBe(
    "WEBHOOK_TOKEN=1 WEBHOOK_TOKEN_PREVIOUS=0",
  );
});
