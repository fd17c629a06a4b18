import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { NetworkPolicies, type Outsiders } from "../../infra/network-policies.ts";
import { StackNamespace } from "../../infra/stack-namespace.ts";
import {
  googleOutsiders,
  internet,
  machineOutsiders,
  ownClusterOutsiders,
} from "../../stacks/platforms/outsiders.ts";
import { registrationsOf } from "../mocks.ts";
import { clone } from "./command.ts";
import { kubectl, kubectlWith } from "./stack.ts";

const namespace = "test-admission";

beforeAll(async () => {
  const [, { inputs }] = (await registrationsOf(
    () => new StackNamespace("namespace", { name: namespace, protectData: false }),
  )) as [unknown, { inputs: object }];
  await kubectlWith(JSON.stringify(inputs), "apply", "--filename=-");
});
afterAll(() => kubectl("delete", "namespace", namespace));

/** Names of the objects that the API server would take; a warning of its counts as an error. */
async function taken(objects: readonly object[]): Promise<string[]> {
  const list = { apiVersion: "v1", kind: "List", items: objects };
  const said = await kubectlWith(
    JSON.stringify(list),
    "apply",
    "--dry-run=server",
    "--warnings-as-errors",
    "--output=name",
    "--filename=-",
  );
  return said.trim().split("\n").sort();
}

/** What a chart renders for production. */
function rendered(chart: string): object[] {
  const path = join(clone, "tests", "charts", chart, "production", "rendered.yaml");
  const text = readFileSync(path, "utf8");
  return parseAllDocuments(text.replaceAll("namespace: golden", `namespace: ${namespace}`)).map(
    (document) => document.toJS() as object,
  );
}

test.each(["cms", "collector", "worker"])(
  "the API server takes what chart %s renders for production, its pods restricted",
  async (chart) => {
    const objects = rendered(chart);
    expect(await taken(objects)).toHaveLength(objects.length);
  },
);

test("fails on a chart whose pods are not restricted", async () => {
  const open = JSON.stringify(rendered("worker")).replace(
    '"runAsNonRoot":true',
    '"runAsNonRoot":false',
  );
  await expect(taken(JSON.parse(open))).rejects.toThrow("would violate PodSecurity");
});

test.each<[string, Outsiders]>([
  ["this machine", machineOutsiders("192.0.2.10")],
  ["a cluster of the user's own", ownClusterOutsiders],
  ["Google Cloud", { ...googleOutsiders("10.72.0.0/20", "10.10.0.0/20"), chat: internet }],
])("the API server takes the network policies of %s", async (_, outsiders) => {
  const [, ...policies] = await registrationsOf(
    () => new NetworkPolicies("network-policies", { namespace, outsiders }),
  );
  const objects = policies.map(({ inputs }) => inputs);
  expect(await taken(objects)).toHaveLength(objects.length);
});
