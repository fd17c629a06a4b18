import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { risks } from "../../commands/digest/stateful.ts";
import type { Resource, StackDeclaration } from "../../policy/rule.ts";
import { rules } from "../../policy/rules.ts";
import { change } from "../commands/digest/digests.ts";
import { propertyTrees } from "../local/toolchain/property-trees.ts";
import type { Registration } from "../mocks.ts";
import { registrationsOfDev } from "../stacks/dev-program.ts";
import { registrationsOfProd, release } from "../stacks/prod-program.ts";
import { stacks } from "./case.ts";

/** What the committed stacks declare. */
const dev: StackDeclaration = {
  ...stacks.dev,
  registry: "127.0.0.1:17003",
  nodePorts: [30100, 30101, 30102, 30103],
};
const prod: StackDeclaration = {
  ...stacks.prod,
  registry: "europe-west1-docker.pkg.dev/example-marketing-prod/images",
  publicHosts: ["cms.marketing.example.com", "events.marketing.example.com"],
};

let ofDev: Resource[];
let ofProd: Resource[];
beforeAll(async () => {
  ofDev = (await registrationsOfDev()).map(resource);
  ofProd = (await registrationsOfProd(release)).map(resource);
}, 60_000);

test("dev declares nothing that a rule refuses", () => {
  expect(refusals(ofDev, dev)).toEqual([]);
});

test("prod declares nothing that a rule refuses", () => {
  expect(refusals(ofProd, prod)).toEqual([]);
});

test.each([
  ["dev", { ...dev, registry: "registry", protectsData: false }],
  ["production", { ...prod, registry: "registry" }],
])("the charts render nothing that a rule refuses for %s", (name, declaration) => {
  const objects = ["cms", "collector", "worker"].flatMap((chart) => chartObjects(chart, name));
  expect(objects.map(({ type }) => type)).toContain("kubernetes:apps/v1:StatefulSet");
  expect(refusals(objects, declaration)).toEqual([]);
});

test("what prod registers and the digest warns of is what must be protected, but for what can be made again", () => {
  const stateful = kinds(ofProd).filter(
    (type) => type.startsWith("gcp:") && risks([change({ type, op: "delete" })]).length > 0,
  );
  expect(stateful.filter((type) => !isDemanding("data-protection", type))).toEqual([
    // The records that name it are of the same stack.
    "gcp:compute/globalAddress:GlobalAddress",
    // A rotation makes the next.
    "gcp:secretmanager/secretVersion:SecretVersion",
  ]);
});

test("whatever prod registers on Google Cloud and takes labels must have them", () => {
  const { trees } = propertyTrees("gcp");
  const takesLabels = (type: string): boolean => {
    const tree = (trees.get(type) ?? {}) as Record<string, object>;
    const inputs = { ...tree, ...tree.settings };
    return ["labels", "resourceLabels", "userLabels"].some((field) => field in inputs);
  };
  const labelled = kinds(ofProd).filter((type) => type.startsWith("gcp:") && takesLabels(type));
  expect(labelled.length).toBeGreaterThan(10);
  expect(labelled.filter((type) => !isDemanding("labels", type))).toEqual([]);
});

function isDemanding(rule: string, type: string): boolean {
  const { check } = rules.find(({ name }) => name === rule)!;
  return check({ type, props: {}, isProtected: false }, prod).length > 0;
}

function kinds(resources: readonly Resource[]): string[] {
  return [...new Set(resources.map(({ type }) => type))].sort();
}

function refusals(resources: readonly Resource[], declaration: StackDeclaration): string[] {
  return resources.flatMap((one) =>
    rules.flatMap(({ name, check }) =>
      check(one, declaration).map((message) => `${one.type}: policy ${name}: ${message}`),
    ),
  );
}

/** Which resources are protected only the engine tells: `tests/e2e/prod-preview.test.ts`. */
function resource({ path, inputs }: Registration): Resource {
  const type = path.split("::")[0]!.split("$").at(-1)!;
  return { type, props: unwrapped(inputs) as Resource["props"], isProtected: true };
}

/** Inputs as a policy gets them: secrets without their wrapping. */
function unwrapped(inputs: object): unknown {
  return JSON.parse(JSON.stringify(inputs), (_key, value: unknown) =>
    typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value
      ? (value as { value?: unknown }).value
      : value,
  );
}

function chartObjects(chart: string, name: string): Resource[] {
  const file = join(import.meta.dirname, "../charts", chart, name, "rendered.yaml");
  return parseAllDocuments(readFileSync(file, "utf8")).map((document) => {
    const { apiVersion, kind, ...props } = document.toJS() as Record<string, unknown>;
    const group = String(apiVersion).replace(/^v1$/, "core/v1");
    return { type: `kubernetes:${group}:${String(kind)}`, props, isProtected: true };
  });
}
