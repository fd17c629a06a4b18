import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { runPulumi } from "../../commands/engine/pulumi.ts";
import { rules } from "../../policy/rules.ts";
import { goodOf, mutantOf, stacks, type Case, type Side } from "../policy/case.ts";
import { cases } from "../policy/cases.ts";
import { clone } from "./command.ts";

/** What Google's provider demands beside what a rule looks at. */
const demanded: Readonly<Record<string, Record<string, unknown>>> = {
  "gcp:sql/databaseInstance:DatabaseInstance": { databaseVersion: "POSTGRES_15", region: "r" },
  "gcp:container/cluster:Cluster": { location: "europe-west1" },
  "gcp:storage/bucket:Bucket": { location: "EU" },
  "gcp:compute/firewall:Firewall": { network: "network" },
  "gcp:pubsub/topicIAMMember:TopicIAMMember": { topic: "topic" },
  "gcp:pubsub/topicIAMBinding:TopicIAMBinding": { topic: "topic" },
  "gcp:projects/iAMCustomRole:IAMCustomRole": { roleId: "role", title: "Role" },
  "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": {
    displayName: "x",
    timeout: "10s",
    monitoredResource: { type: "uptime_url", labels: { host: "example.com" } },
  },
  "gcp:monitoring/alertPolicy:AlertPolicy": {
    displayName: "x",
    combiner: "OR",
    conditions: [
      {
        displayName: "x",
        conditionPrometheusQueryLanguage: { query: "up", disableMetricValidation: true },
      },
    ],
  },
};

/** Creates a resource of any type: what the classes of the SDKs do, without their types. */
const program = `
import { readFileSync } from "node:fs";
import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
const providers = {
  kubernetes: new k8s.Provider("kubernetes", { renderYamlToDirectory: "rendered" }),
  gcp: new gcp.Provider("gcp", { accessToken: "offline", project: undefined }),
};
for (const { name, type, inputs, protect } of JSON.parse(readFileSync("resources.json", "utf8"))) {
  new pulumi.CustomResource(type, name, inputs, { protect, provider: providers[type.split(":")[0]] });
}
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "policy-"));
  mkdirSync(join(folder, "backend"));
  symlinkSync(join(clone, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "program.js"), program);
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ version: "1.0.0", type: "module", main: "program.js" }),
  );
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: policy\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Names the resource of a case: `<rule>-<index>`. */
/** Types of Google Cloud that the toolchain's provider has; rules of all others are tested without the engine. */
const provided = new Set(
  Object.keys(
    JSON.parse(
      readFileSync(join(clone, "local/toolchain/property-trees/gcp.golden.json"), "utf8"),
    ) as object,
  ),
);
/** What the Kubernetes provider refuses itself: a list, and a release whose chart it cannot fetch. */
const REFUSED = /^kubernetes:(helm\.sh\/v3:Release|.+List)$/;
const isProvided = (one: Case): boolean =>
  [goodOf(one), mutantOf(one)].every(({ type }) =>
    type.startsWith("gcp:") ? provided.has(type) : !REFUSED.test(type),
  );

const nameOf = (one: Case): string => `${one.rule}-${cases.indexOf(one)}`;

/** What the pack says of a preview of one side of every case on `stack`, by case; only what the case's own rule says. */
async function violations(
  sideOf: (one: Case) => Side,
  stack: keyof typeof stacks,
): Promise<Record<string, string[]>> {
  const given = cases.filter((one) => isProvided(one) && sideOf(one).stack === stack);
  const resources = given.map((one) => resourceOf(nameOf(one), sideOf(one)));
  writeFileSync(join(folder, "resources.json"), JSON.stringify(resources));
  const config = join(folder, "policy.json");
  const declared = Object.fromEntries(rules.map(({ name }) => [name, stacks[stack]]));
  writeFileSync(config, JSON.stringify(declared));
  const environment = {
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "none",
    PULUMI_GCP_SKIP_REGION_VALIDATION: "true",
    HTTPS_PROXY: "http://127.0.0.1:9",
    KUBECONFIG: "",
  };
  await runPulumi(["stack", "select", "--create", "policy"], { environment, cwd: folder });
  const events: EngineEvent[] = [];
  const pack = ["--policy-pack", join(clone, "policy"), "--policy-pack-config", config];
  const run = await runPulumi(["preview", "--stack", "policy", ...pack], {
    environment,
    cwd: folder,
    onEvent: (event) => events.push(event),
  });
  const errors = events
    .filter(({ diagnosticEvent }) => diagnosticEvent?.severity === "error")
    .map(({ diagnosticEvent }) => diagnosticEvent!.message.trim())
    // What the engine says of violations themselves.
    .filter((message) => message !== "preview failed");
  const said: Record<string, string[]> = {};
  for (const { policyEvent } of events) {
    if (!policyEvent) continue;
    const name = policyEvent.resourceUrn!.split("::").at(-1)!;
    // A mutant may break more than one rule; each case is about its own.
    if (!name.startsWith(`${policyEvent.policyName}-`)) continue;
    (said[name] ??= []).push(policyEvent.message.trim().split("\n").at(-1)!.trim());
  }
  expect(errors).toEqual([]);
  if ((run.code === 0) !== (Object.keys(said).length === 0)) throw new Error(run.output);
  return said;
}

/** A resource as the scratch program registers it. */
function resourceOf(name: string, { type, props, isProtected: protect }: Side) {
  if (!type.startsWith("kubernetes:")) {
    return { name, type, protect, inputs: { ...demanded[type], ...props, project: "p" } };
  }
  const [, version = "", kind = ""] = type.split(":");
  const metadata = { name, ...(props as { metadata?: object }).metadata };
  const identity = { apiVersion: version.replace(/^core\//, ""), kind };
  return { name, type, protect, inputs: { ...identity, ...props, metadata } };
}

test.each(["prod", "dev"] as const)(
  "the engine refuses every mutant of %s with the rule's message",
  async (stack) => {
    const refused = cases.filter((one) => isProvided(one) && mutantOf(one).stack === stack);
    expect(await violations(mutantOf, stack)).toEqual(
      Object.fromEntries(refused.map((one) => [nameOf(one), one.says])),
    );
  },
);

test.each(["prod", "dev"] as const)("the engine lets every good twin of %s pass", async (stack) => {
  expect(await violations(goodOf, stack)).toEqual({});
});
