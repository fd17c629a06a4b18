import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { expectGolden } from "../golden.ts";
import { clone, runProcess } from "./command.ts";
import { succeeded } from "./stack.ts";

const cases = ["cms", "collector", "worker"].flatMap((chart) =>
  readdirSync(join(clone, "tests", "charts", chart)).map((name) => [chart, name] as const),
);

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "marketing-stack-charts-"));
  mkdirSync(join(project, "backend"));
  writeFileSync(join(project, "Pulumi.yaml"), "name: charts\nruntime: nodejs\n");
  writeFileSync(
    join(project, "package.json"),
    '{"name":"charts","version":"1.0.0","main":"index.js"}\n',
  );
  writeFileSync(join(project, "index.js"), program);
  symlinkSync(join(clone, "node_modules"), join(project, "node_modules"));
  symlinkSync(join(clone, "charts"), join(project, "charts"));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

test.each(cases)(
  "chart %s with the values of case %s renders as its golden",
  async (chart, name) => {
    const folder = join(clone, "tests", "charts", chart, name);
    succeeded(await render(chart, readFileSync(join(folder, "values.yaml"), "utf8")));
    expectGolden(join(folder, "rendered.yaml"), rendered(chart));
  },
);

test.each([
  ["cms", { replicas: 0 }, "replicas"],
  ["cms", { publicUrl: "cms.example.com" }, "publicUrl"],
  ["cms", { mediaBucket: "media" }, "mediaBucket"],
  ["collector", { nodePort: 80 }, "nodePort"],
  ["worker", { replica: 2 }, "replica"],
  ["worker", { image: "registry/worker:latest" }, "image"],
  ["worker", { image: "registry/worker" }, "image"],
  ["worker", { leaveSeconds: 1 }, "leaveSeconds"],
  ["collector", { resources: { limits: { memory: "1Gi" } } }, "/resources/limits/memory"],
])("fails to render chart %s with %j, naming the value", async (chart, changed, named) => {
  const values = parse(
    readFileSync(join(clone, "tests", "charts", chart, "dev", "values.yaml"), "utf8"),
  );
  const run = await render(chart, JSON.stringify({ ...values, ...changed }));
  expect(run.code).not.toBe(0);
  expect(run.stdout + run.stderr).toContain(named);
});

/** Deploys a chart into files, by the real engine and the Kubernetes provider, without a cluster. */
async function render(chart: string, values: string) {
  rmSync(join(project, "out"), { recursive: true, force: true });
  const environment = {
    PULUMI_BACKEND_URL: `file://${join(project, "backend")}`,
    CHART: chart,
    VALUES: JSON.stringify(parse(values)),
    OUT: join(project, "out"),
  };
  const pulumi = (...args: string[]) =>
    runProcess("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: project,
      environment,
    });
  // A stack of its own for each rendering, so that nothing of a former one is left.
  succeeded(await pulumi("stack", "init", "render"));
  try {
    return await pulumi("up", "--yes", "--skip-preview", "--stack", "render");
  } finally {
    succeeded(await pulumi("stack", "rm", "--yes", "--force", "--stack", "render"));
  }
}

/** All objects that were rendered, one YAML document each, by kind. */
function rendered(chart: string): string {
  const manifests = join(project, "out", "1-manifest");
  const files = readdirSync(manifests).sort();
  expect(files.length).toBeGreaterThan(2);
  return files
    .map((file) => `# ${chart}: ${file}\n${readFileSync(join(manifests, file), "utf8").trim()}\n`)
    .join("---\n");
}

const program = `
const k8s = require("@pulumi/kubernetes");
const provider = new k8s.Provider("render", { renderYamlToDirectory: process.env.OUT });
new k8s.helm.v4.Chart(
  process.env.CHART,
  { chart: "./charts/" + process.env.CHART, namespace: "golden", skipCrds: true, values: JSON.parse(process.env.VALUES) },
  { provider },
);
`;
