import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackSettings } from "../../../commands/engine/settings.ts";
import { clonePath } from "../../../local/paths.ts";

const file = join(clonePath, "Pulumi.test-settings.yaml");
afterEach(() => rmSync(file, { force: true }));

function write(...lines: string[]): void {
  writeFileSync(file, ["config:", ...lines.map((line) => `  marketing-stack:${line}`)].join("\n"));
}

const promotion = {
  previousEnvironment: "dev",
  freezeWindows: [],
  requiredApprovals: 0,
  approvals: {},
};

test("dev stands on this machine, on its own ports", async () => {
  expect(await stackSettings("dev")).toEqual({
    platform: "local",
    portBase: 30100,
    registry: undefined,
    googleProject: undefined,
    domain: undefined,
    protectsData: false,
    promotion,
  });
});

test("a cluster of the user's own is asked for by name", async () => {
  write(
    "platform: kubeconfig",
    'portBase: "30300"',
    "registry: registry.example.com",
    "collectorTls: { port: 30443 }",
  );
  expect(await stackSettings("test-settings")).toEqual({
    platform: "kubeconfig",
    portBase: 30300,
    tlsPort: 30443,
    registry: "registry.example.com",
    googleProject: undefined,
    domain: undefined,
    protectsData: false,
    promotion,
  });
});

test("a stack on Google Cloud has the registry of its project, and no ports on this machine", async () => {
  write(
    "platform: gke",
    "googleProject: example-prod",
    "domain: example.com",
    'protectData: "true"',
  );
  expect(await stackSettings("test-settings")).toEqual({
    platform: "gke",
    portBase: undefined,
    registry: "europe-west1-docker.pkg.dev/example-prod/images",
    googleProject: "example-prod",
    domain: "example.com",
    protectsData: true,
    promotion,
  });
});

test("fails on a stack without a file, naming it", async () => {
  await expect(stackSettings("test-none")).rejects.toThrow(
    "stack test-none must have a configuration, found no Pulumi.test-none.yaml; copy Pulumi.dev.yaml and give it a portBase of its own",
  );
});

test.each([
  [
    ["platform: minikube", "portBase: 30300"],
    'platform in Pulumi.test-settings.yaml must be local, kubeconfig or gke, got "minikube"',
  ],
  [
    ["portBase: 80"],
    "portBase in Pulumi.test-settings.yaml must be a whole number from 30000 to 32764, got 80",
  ],
  [
    ["platform: local"],
    "portBase in Pulumi.test-settings.yaml must be a whole number from 30000 to 32764, got nothing",
  ],
])("fails on %j", async (lines, message) => {
  write(...lines);
  await expect(stackSettings("test-settings")).rejects.toThrow(message);
});
