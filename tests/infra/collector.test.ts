import { Collector } from "../../infra/collector.ts";
import { registrationsOf, secret } from "../mocks.ts";

const args = {
  namespace: "dev",
  image: "registry/collector:1",
  databaseUrl: { value: "postgres://collector", revision: "" },
  sources: ["website"],
  generations: {},
  replicas: 1,
  updatedReplicas: 1,
  spoolGib: 1,
  protectData: false,
  databaseCaName: "database-ca",
  googleServiceAccount: "collector@google.example",
  nodePort: 30101,
};

test("creates a write key per source, one Secret that holds them, and the chart that names it", async () => {
  expect(await registrationsOf(() => new Collector("collector", args))).toEqual([
    { path: "marketing-stack:infra:Collector::collector", inputs: {} },
    {
      path: "marketing-stack:infra:Collector$kubernetes:core/v1:Secret::collector",
      inputs: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "collector", namespace: "dev" },
        stringData: secret({
          DATABASE_URL: "postgres://collector",
          SOURCES:
            '{"website":{"writeKey":"generated-collector-website"},"mail":{"writeKey":"generated-collector-mail"}}',
        }),
      },
    },
    {
      path: "marketing-stack:infra:Collector$kubernetes:helm.sh/v4:Chart::collector",
      inputs: {
        chart: "./charts/collector",
        namespace: "dev",
        values: {
          image: "registry/collector:1",
          databaseCaName: "database-ca",
          googleServiceAccount: "collector@google.example",
          nodePort: 30101,
          serviceAnnotations: { "pulumi.com/skipAwait": "true" },
          replicas: 1,
          partition: 0,
          secretName: "collector",
          secretRevision: "SOURCES=website,mail",
          spool: { retain: false, sizeGib: 1 },
        },
      },
    },
    {
      path: "marketing-stack:infra:Collector$random:index/randomPassword:RandomPassword::collector-mail",
      inputs: { length: 32, special: false },
    },
    {
      path: "marketing-stack:infra:Collector$random:index/randomPassword:RandomPassword::collector-website",
      inputs: { length: 32, special: false },
    },
  ]);
});

test.each([
  [[], "sources must name at least one source, got []"],
  [["Web Site"], 'sources must be names of 1-63 characters of [a-z0-9-], got "Web Site"'],
  [["mail"], 'sources must not name "mail", got ["mail"]; it is the source of what comes back'],
  [["web", "web"], 'sources must name each source once, got ["web","web"]'],
])("fails on the sources %j", async (sources, message) => {
  await expect(
    registrationsOf(() => new Collector("collector", { ...args, sources })),
  ).rejects.toThrow(message);
});

test("what sources may do is plain in the chart", async () => {
  const sourceRules = { website: { eventsPerSecond: 100 } };
  const registrations = await registrationsOf(
    () => new Collector("collector", { ...args, sourceRules }),
  );
  const chart = registrations.find(({ path }) => path.includes("helm.sh/v4:Chart"))!;
  expect(chart.inputs.values).toMatchObject({ sourceRules });
});

test("a certificate is a Secret of its own, which the chart names with its port", async () => {
  const tls = { certificate: "CERTIFICATE", key: "KEY", nodePort: 30443 };
  const registrations = await registrationsOf(() => new Collector("collector", { ...args, tls }));
  expect(registrations.find(({ path }) => path.endsWith("Secret::collector-tls"))?.inputs).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "collector-tls", namespace: "dev" },
    type: "kubernetes.io/tls",
    stringData: secret({ "tls.crt": "CERTIFICATE", "tls.key": "KEY" }),
  });
  const chart = registrations.find(({ path }) => path.includes("helm.sh/v4:Chart"))!;
  expect(chart.inputs.values).toMatchObject({
    tls: { secretName: "collector-tls", nodePort: 30443 },
    secretRevision: "SOURCES=website,mail",
  });
});

test("a write key that is rotated is accepted in both generations, and handed out in the newest", async () => {
  const generations = { "collector-website": [1, 0] };
  let collector: Collector | undefined;
  const registrations = await registrationsOf(() => {
    collector = new Collector("collector", {
      ...args,
      sources: ["website", "app"],
      generations,
    });
  });
  const of = (type: string) => registrations.find(({ path }) => path.includes(type))!.inputs;
  expect(of("core/v1:Secret").stringData).toEqual(
    secret({
      DATABASE_URL: "postgres://collector",
      SOURCES:
        '{"website":{"writeKey":"generated-collector-website.1","previousWriteKey":"generated-collector-website"},' +
        '"app":{"writeKey":"generated-collector-app"},"mail":{"writeKey":"generated-collector-mail"}}',
    }),
  );
  expect((of("helm.sh/v4:Chart").values as { secretRevision: string }).secretRevision).toBe(
    "SOURCES=website:1+0,app,mail",
  );
  const keys = await new Promise((resolve) => collector!.writeKeys.apply(resolve));
  expect(keys).toEqual({
    website: "generated-collector-website.1",
    app: "generated-collector-app",
  });
});
