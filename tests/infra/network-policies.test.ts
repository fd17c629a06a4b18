import { join } from "node:path";
import fc from "fast-check";
import { flows, stackPods } from "../../infra/flows.ts";
import { NetworkPolicies, type Outsiders } from "../../infra/network-policies.ts";
import {
  googleOutsiders,
  internet,
  machineOutsiders,
  ownClusterOutsiders,
} from "../../stacks/platforms/outsiders.ts";
import { expectGolden } from "../golden.ts";
import { registrationsOf, type Registration } from "../mocks.ts";
import { isAllowed, type Policy } from "./network-policies/evaluator.ts";
import { connections, ends, meant, namespace, type Roles } from "./network-policies/world.ts";

const machine = machineOutsiders("192.0.2.10");

/** Every pod of the stack is itself. */
const pods: Roles = Object.fromEntries(stackPods.map((pod) => [pod, [pod]]));

const platforms: Record<string, { outsiders: Outsiders; roles: Roles }> = {
  gke: {
    outsiders: {
      ...googleOutsiders("10.72.0.0/20", "10.10.0.0/20"),
      chat: internet,
      connectors: internet,
      "mail-server": internet,
    },
    roles: {
      ...pods,
      database: [],
      "Cloud SQL": ["database"],
      "API server": ["api-server"],
      // Any public address may be a chat's, another system's or an API's.
      "load balancer": ["visitors", "chat", "connectors", "google-apis", "mail-server"],
      "health check": ["visitors", "chat", "connectors", "google-apis", "mail-server"],
      internet: ["chat", "connectors", "google-apis", "mail-server"],
      "this machine": ["chat", "connectors", "google-apis", "mail-server"],
      "managed Prometheus": ["scrapers"],
      "Autopilot's Prometheus": ["scrapers"],
      "kube-dns": ["name-servers"],
      "DNS cache": ["name-servers"],
      "Cloud DNS and metadata server": ["name-servers", "token-servers"],
    },
  },
  local: {
    outsiders: machine,
    roles: { ...pods, "this machine": ["visitors", "operators", "scrapers", "name-servers"] },
  },
  kubeconfig: {
    outsiders: ownClusterOutsiders,
    roles: {
      ...Object.fromEntries(
        Object.keys(ends).map((end) => [end, ["visitors", "operators", "api-server"]]),
      ),
      ...pods,
      "unknown pod": [],
      "kube-dns": ["visitors", "operators", "api-server", "name-servers"],
    },
  },
};

function policiesOn(outsiders: Outsiders): Promise<Registration[]> {
  return registrationsOf(() => new NetworkPolicies("network-policies", { namespace, outsiders }));
}

/** Lines of the connections that get through, sorted. */
function through(policies: readonly Policy[]): string[] {
  return [...connections]
    .filter(([, connection]) => isAllowed(policies, connection))
    .map(([line]) => line)
    .sort();
}

test("creates a denial, and a policy at each end of a flow that is a pod of the stack", async () => {
  const component = "marketing-stack:infra:NetworkPolicies";
  const policy = `${component}$kubernetes:networking.k8s.io/v1:NetworkPolicy::network-policies`;
  expect(
    (await policiesOn(googleOutsiders("10.72.0.0/20", "10.10.0.0/20"))).map(({ path }) => path),
  ).toEqual([
    `${component}::network-policies`,
    policy,
    `${policy}-cms-to-database-egress`,
    `${policy}-cms-to-google-apis-egress`,
    `${policy}-cms-to-token-servers-egress`,
    `${policy}-cms-to-worker-egress`,
    `${policy}-cms-to-worker-ingress`,
    `${policy}-collector-to-database-egress`,
    `${policy}-collector-to-google-apis-egress`,
    `${policy}-collector-to-token-servers-egress`,
    `${policy}-schema-to-database-egress`,
    `${policy}-scrapers-to-cms-ingress`,
    `${policy}-scrapers-to-services-ingress`,
    `${policy}-services-to-name-servers-egress`,
    `${policy}-visitors-to-cms-ingress`,
    `${policy}-visitors-to-collector-ingress`,
    `${policy}-worker-to-api-server-egress`,
    `${policy}-worker-to-cms-egress`,
    `${policy}-worker-to-cms-ingress`,
    `${policy}-worker-to-database-egress`,
  ]);
});

test("a policy names its flow, and why there is one", async () => {
  const registrations = await policiesOn({ ...machine, chat: internet });
  const inputs = (suffix: string) =>
    registrations.find(({ path }) => path.endsWith(`NetworkPolicy::network-policies${suffix}`))
      ?.inputs;
  const object = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };
  const labels = { "app.kubernetes.io/part-of": "marketing-stack" };
  const pods = (...values: string[]) => ({
    matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values }],
  });
  expect(inputs("")).toEqual({
    ...object,
    metadata: { name: "default-deny", namespace, labels },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });
  expect(inputs("-cms-to-worker-egress")).toEqual({
    ...object,
    metadata: {
      name: "cms-to-worker-egress",
      namespace,
      labels,
      annotations: { "marketing.stack/why": "The CMS's webhook tells of publications." },
    },
    spec: {
      podSelector: pods("cms"),
      policyTypes: ["Egress"],
      egress: [{ to: [{ podSelector: pods("worker") }], ports: [{ protocol: "TCP", port: 8080 }] }],
    },
  });
  expect(inputs("-worker-to-chat-egress")?.spec).toEqual({
    podSelector: pods("worker"),
    policyTypes: ["Egress"],
    egress: [{ to: [{ ipBlock: internet[0] }], ports: [{ protocol: "TCP", port: 443 }] }],
  });
});

test("an outsider without a place is nobody, not everybody", async () => {
  const registrations = await policiesOn({ chat: [] });
  expect(registrations.filter(({ path }) => /chat|visitors|name-servers/.test(path))).toEqual([]);
});

describe.each(Object.entries(platforms))("on platform %s", (platform, { outsiders, roles }) => {
  let policies: Policy[];
  beforeAll(async () => {
    const registrations = await policiesOn(outsiders);
    policies = registrations.slice(1).map(({ inputs }) => inputs as unknown as Policy);
  });

  /** The policies as if the table had these flows only. */
  const of = (names: readonly string[]): Policy[] =>
    policies.filter(
      ({ metadata: { name } }) =>
        name === "default-deny" ||
        names.some((flow) => [`${flow}-egress`, `${flow}-ingress`].includes(name)),
    );

  test("what the flows mean gets through, and nothing else", () => {
    const allowed = through(policies);
    expect(allowed).toEqual(meant(Object.keys(flows), roles));
    const golden = join(import.meta.dirname, "network-policies", `${platform}.golden.txt`);
    expectGolden(golden, `${allowed.join("\n")}\n`);
  });

  test.each(Object.keys(flows))("without %s its connections are denied, and no others", (flow) => {
    const others = Object.keys(flows).filter((name) => name !== flow);
    expect(through(of(others))).toEqual(meant(others, roles));
  });

  test("any choice of flows lets through what those flows mean", () => {
    fc.assert(
      fc.property(fc.subarray(Object.keys(flows)), (chosen) => {
        expect(through(of(chosen))).toEqual(meant(chosen, roles));
      }),
      { numRuns: 20 },
    );
  });
});
