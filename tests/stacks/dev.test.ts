import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dev } from "../../stacks/dev.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { expectGolden } from "../golden.ts";
import { plainStrings, type Registration } from "../mocks.ts";
import { registrationsOfDev } from "./dev-program.ts";
import { readAlerts } from "../../stacks/alerts/read.ts";
import { settled } from "./settled.ts";

let registrations: Registration[];
beforeAll(async () => {
  registrations = await registrationsOfDev();
}, 60_000);

test("registers what the golden lists", () => {
  expectGolden(
    join(import.meta.dirname, "dev.golden.json"),
    `${JSON.stringify(registrations.map(settled), null, 2)}\n`,
  );
});

test("every resource but the providers belongs to a component", () => {
  const orphans = registrations
    .map(({ path }) => path)
    .filter((path) => !path.includes("$") && !path.startsWith("marketing-stack:infra:"));
  expect(orphans).toEqual([
    "pulumi:providers:docker::docker",
    "pulumi:providers:gcp::gcp",
    "pulumi:providers:kubernetes::kubernetes",
  ]);
});

test("no generated secret is in a plain input", () => {
  expect(plainStrings(registrations).filter((text) => text.includes("generated-"))).toEqual([]);
});

test("the kubeconfig, which holds an administrator's key, is in no plain input", () => {
  expect(plainStrings(registrations).filter((text) => text.includes("users:"))).toEqual([]);
});

test("each service has one Secret of its own, and the charts name them and hold no value", () => {
  const secrets = registrations.filter(({ path }) => path.includes("core/v1:Secret"));
  expect(secrets.map(({ inputs }) => (inputs.metadata as { name: string }).name).sort()).toEqual([
    "cms",
    "collector",
    "database",
    "worker",
  ]);
  const charts = registrations.filter(({ path }) => path.includes("helm.sh/v4:Chart"));
  expect(charts.map(({ inputs }) => (inputs.values as { secretName: string }).secretName)).toEqual([
    "cms",
    "collector",
    "worker",
  ]);
});

test("the namespace enforces restricted pods", () => {
  const namespace = registrations.find(({ path }) => path.includes("core/v1:Namespace"))!;
  expect(namespace.inputs.metadata).toMatchObject({
    name: "dev",
    labels: { "pod-security.kubernetes.io/enforce": "restricted" },
  });
});

test("declares a policy for each alert of the catalogue, with one PromQL condition and the channel", () => {
  const policies = registrations.filter(({ path }) => path.includes("AlertPolicy::"));
  const names = policies.map(({ path }) => path.split("::")[1]).sort();
  expect(names).toEqual(Object.keys(readAlerts()).sort());
  for (const { inputs } of policies) {
    expect(inputs).toMatchObject({
      project: "marketing-stack-dev",
      conditions: [{ conditionPrometheusQueryLanguage: { query: expect.any(String) } }],
      notificationChannels: ["channels/alerts"],
    });
  }
});

test.each([
  ["has an inbox", { platform: "local" }, true],
  ["is the user's own", { platform: "kubeconfig", registry: "registry.example.com/team" }, false],
])(
  "letters leave and the outputs say so where the cluster %s",
  async (_cluster, config, hasMail) => {
    const folder = mkdtempSync(join(tmpdir(), "dev-"));
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(kubeconfig, "clusters: []\ncontexts: []\nusers: []\n");
    try {
      let outputs: StackOutputs | undefined;
      const [worker] = (
        await registrationsOfDev({ ...config, kubeconfig }, () => (outputs = dev()))
      ).filter(({ path }) => /core\/v1:Secret::worker/.test(path));
      expect(outputs!.channels).toEqual({ hasMail, connectors: {} });
      expect(JSON.stringify(worker!.inputs).includes("MAIL")).toBe(hasMail);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test("images are tagged by content and stay in the registry when the stack goes", () => {
  const pushes = registrations.filter(({ path }) => path.includes("RegistryImage"));
  expect(pushes).toHaveLength(3);
  for (const { inputs } of pushes) {
    expect(inputs.name).toMatch(/^127\.0\.0\.1:17003\/marketing-stack\/\w+:[0-9a-f]{16}$/);
    expect(inputs.keepRemotely).toBe(true);
  }
});
