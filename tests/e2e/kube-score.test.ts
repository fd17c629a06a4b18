import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { clone, runProcess } from "./command.ts";

/** What kube-score asks for that we do not do, and why. */
const declinedOfCharts: Readonly<Record<string, string>> = {
  "container-resources": "a limit of processor time slows a pod down while its node is idle",
  "container-image-pull-policy":
    "images are named by digest or content: a pulled one is the right one",
  "pod-networkpolicy": "infra/network-policies.ts has them, outside the charts",
  "statefulset-has-host-podantiaffinity": "topologySpreadConstraints spread over nodes and zones",
  "deployment-has-host-podantiaffinity": "topologySpreadConstraints spread over nodes and zones",
  "statefulset-has-servicename":
    "collectors are reached through their Service, none by its own name",
};

/** The same of what a stack declares beside its charts. */
const declinedBeside: Readonly<Record<string, string>> = {
  "container-security-context-user-group-id":
    "PostgreSQL's packages and images give it the user 999",
  "pod-probes-identical":
    "pg_isready is all that PostgreSQL says of itself; liveness asks ten times as seldom",
  "service-type":
    "a stack on this machine is reached by ports of its node; prod's is inside the cluster",
};

interface Scored {
  readonly object_name: string;
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly skipped: boolean;
    readonly grade: number;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

/** Grade of a check without any finding. */
const OK = 10;

async function findings(
  file: string,
  declined: Readonly<Record<string, string>> = declinedOfCharts,
): Promise<{ declined: string[]; others: string[] }> {
  const run = await runProcess("kube-score", ["score", "--output-format", "json", file]);
  const objects = JSON.parse(run.stdout) as Scored[];
  const bad = objects.flatMap(({ object_name: name, checks }) =>
    checks
      .filter(({ grade, skipped }) => !skipped && grade < OK)
      .map(({ check, comments }) => ({ id: check.id, name, comments })),
  );
  return {
    declined: [...new Set(bad.map(({ id }) => id).filter((id) => id in declined))].sort(),
    others: bad
      .filter(({ id }) => !(id in declined))
      .map(({ id, name, comments }) => `${name}: ${id} ${JSON.stringify(comments)}`),
  };
}

const rendered = (chart: string): string =>
  join(clone, "tests", "charts", chart, "production", "rendered.yaml");

/** A whole stack as YAML: what the program declares, and its charts in the same namespace. */
function wholeStack(name: string): string {
  const golden = join(clone, "tests", "stacks", `${name}.golden.json`);
  const registered = JSON.parse(readFileSync(golden, "utf8")) as { inputs: { kind?: string } }[];
  const declared = registered.map(({ inputs }) => inputs).filter(({ kind }) => kind !== undefined);
  expect(declared.length).toBeGreaterThan(10);
  const charts = ["cms", "collector", "worker"].map((chart) =>
    readFileSync(rendered(chart), "utf8").replaceAll("namespace: golden", `namespace: ${name}`),
  );
  return [...declared.map((object) => stringify(object)), ...charts].join("---\n");
}

test.each(["dev", "prod"])(
  "kube-score finds nothing in the whole of stack %s but what is declined for a reason, and a policy for each pod",
  async (stack) => {
    const folder = mkdtempSync(join(tmpdir(), "kube-score-"));
    try {
      const file = join(folder, `${stack}.yaml`);
      writeFileSync(file, wholeStack(stack));
      const { others, declined } = await findings(file, { ...declinedOfCharts, ...declinedBeside });
      expect(others).toEqual([]);
      expect(declined).not.toContain("pod-networkpolicy");
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test.each(["cms", "collector", "worker"])(
  "kube-score finds nothing in chart %s but what is declined for a reason",
  async (chart) => {
    expect((await findings(rendered(chart))).others).toEqual([]);
  },
);

test("nothing is declined that kube-score does not ask for any longer", async () => {
  const asked = await Promise.all(
    ["cms", "collector", "worker"].map((chart) => findings(rendered(chart))),
  );
  expect([...new Set(asked.flatMap((one) => one.declined))].sort()).toEqual(
    Object.keys(declinedOfCharts).sort(),
  );
});

test("kube-score refuses a pod of the kind that it is here to find", async () => {
  const file = join(clone, "tests", "policy", "bad-pod.yaml");
  expect((await findings(file)).others.map((one) => one.split(" ")[1])).toEqual(
    expect.arrayContaining(["container-security-context-privileged", "container-image-tag"]),
  );
});
