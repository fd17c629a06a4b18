import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { engineEnvironment } from "../../commands/engine/environment.ts";
import { clonePath } from "../../local/paths.ts";
import { pinnedNode } from "../../local/pinned-node.ts";
import type { Progress } from "../../local/progress.ts";
import { resolveToolchain } from "../../local/toolchain/toolchain.ts";

// The toolchain's own gcp provider against the emulator, with no platform: a program of every kind that it serves.

const silent: Progress = { step: (_title, work) => work(() => undefined) };

let folder: string;
let emulator: ChildProcess;
let environment: Record<string, string>;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gcp-provider-"));
  const main = join(clonePath, "local", "monitoring", "main.ts");
  emulator = spawn(pinnedNode, [
    main,
    ...["--address", "127.0.0.1", "--port", "0", "--state", join(folder, "state")],
  ]);
  port = await new Promise((listening) => {
    createInterface(emulator.stdout!).on("line", (line) => {
      const entry = JSON.parse(line) as { port?: number };
      if (entry.port) listening(entry.port);
    });
  });
  mkdirSync(join(folder, "backend"));
  environment = {
    ...engineEnvironment(await resolveToolchain(silent), `file://${join(folder, "backend")}`),
    PULUMI_CONFIG_PASSPHRASE: "",
    EMULATOR: `http://127.0.0.1:${port}/`,
  };
  writeFileSync(join(folder, "Pulumi.yaml"), "name: monitored\nruntime: nodejs\n");
  writeFileSync(join(folder, "package.json"), '{"name":"monitored","main":"index.js"}\n');
  writeFileSync(join(folder, "index.js"), program);
  symlinkSync(join(clonePath, "node_modules"), join(folder, "node_modules"));
  await pulumi("first", "stack", "init", "monitored");
});

afterAll(() => {
  emulator.kill();
  rmSync(folder, { recursive: true, force: true });
});

const program = `
const gcp = require("@pulumi/gcp");
const { GOAL, EMULATOR } = process.env;
const provider = new gcp.Provider("gcp", {
  accessToken: "none",
  monitoringCustomEndpoint: EMULATOR,
  loggingCustomEndpoint: EMULATOR + "v2/",
  universeDomain: "emulator.invalid",
});
const project = "monitored";
const options = { provider };
const channel = new gcp.monitoring.NotificationChannel("channel", {
  project, type: "slack", displayName: "team " + GOAL, labels: { channel_name: "#team" },
  sensitiveLabels: { authToken: "xoxb-secret" },
}, options);
new gcp.monitoring.AlertPolicy("policy", {
  project, displayName: "policy " + GOAL, combiner: "OR", notificationChannels: [channel.name],
  conditions: [{ displayName: "c", conditionPrometheusQueryLanguage: { query: "up < 1", duration: "60s" } }],
}, options);
const service = new gcp.monitoring.CustomService("service", {
  project, serviceId: "cms", displayName: "CMS " + GOAL, userLabels: { goal: GOAL },
}, options);
new gcp.monitoring.GenericService("generic", {
  project, serviceId: "run", basicService: { serviceType: "CLOUD_RUN", serviceLabels: { service_name: "s", location: "l" } },
}, options);
const filter = (name) => 'metric.type="prometheus.googleapis.com/' + name + '/counter" resource.type="prometheus_target"';
new gcp.monitoring.Slo("slo", {
  project, service: service.serviceId, sloId: "up", goal: Number("0." + GOAL), rollingPeriodDays: 28,
  requestBasedSli: GOAL === "99"
    ? { goodTotalRatio: { goodServiceFilter: filter("good"), totalServiceFilter: filter("all") } }
    : { distributionCut: { distributionFilter: filter("latency"), range: { max: 0.5 } } },
}, options);
new gcp.monitoring.Dashboard("dashboard", {
  project,
  dashboardJson: JSON.stringify({
    displayName: "Stack " + GOAL,
    mosaicLayout: { columns: 12, tiles: [{ width: 6, height: 4, widget: {
      title: "up", xyChart: { dataSets: [{ timeSeriesQuery: { prometheusQuery: "up" } }] } } }] },
  }),
}, options);
new gcp.monitoring.UptimeCheckConfig("check", {
  project, displayName: "front", timeout: "10s", period: GOAL === "99" ? "60s" : "300s",
  monitoredResource: { type: "uptime_url", labels: { project_id: project, host: "127.0.0.1" } },
  httpCheck: { path: "/", port: Number(new URL(EMULATOR).port), authInfo: { username: "u", password: "hunter2" } },
}, options);
// As a stack's address on this machine is asked.
new gcp.monitoring.UptimeCheckConfig("plain", {
  project, displayName: "cms", timeout: "10s", period: "60s", checkerType: "STATIC_IP_CHECKERS",
  monitoredResource: { type: "uptime_url", labels: { project_id: project, host: "127.0.0.1" } },
  httpCheck: { path: "/healthz/ready", port: 30100, useSsl: false, validateSsl: false },
  userLabels: { app: "marketing-stack", env: "dev" },
}, options);
const parent = new gcp.monitoring.Group("group", { project, displayName: "pods " + GOAL, filter: 'resource.type="k8s_pod"' }, options);
new gcp.monitoring.Group("subgroup", { project, displayName: "cms", filter: 'resource.type="k8s_pod"', parentName: parent.name }, options);
new gcp.monitoring.MetricDescriptor("descriptor", {
  project, type: "custom.googleapis.com/orders", metricKind: "GAUGE", valueType: "INT64",
  description: "Orders", displayName: "Orders",
}, options);
new gcp.logging.Metric("metric", {
  project, name: "cms/errors", filter: "severity>=ERROR", description: "errors " + GOAL,
  metricDescriptor: { metricKind: "DELTA", valueType: "INT64" },
}, options);
`;

async function pulumi(goal: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("pulumi", [...args, "--non-interactive"], {
    cwd: folder,
    env: { ...process.env, ...environment, GOAL: goal },
    maxBuffer: 16 * 1024 * 1024,
  }).catch((error: Error & { stdout?: string; stderr?: string }) => {
    throw new Error(`${error.stdout}\n${error.stderr}`);
  });
  return stdout;
}

async function stored(): Promise<Record<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = text.matchAll(/^monitoring_emulator_resources\{kind="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, kind, count]) => [kind, Number(count)]));
}

test("the provider creates, reads, updates and deletes everything that the emulator serves", async () => {
  await pulumi("99", "up", "--yes", "--skip-preview", "--stack", "monitored");
  expect(await stored()).toEqual({
    alertPolicies: 1,
    dashboards: 1,
    groups: 2,
    logMetrics: 1,
    metricDescriptors: 1,
    notificationChannels: 1,
    serviceLevelObjectives: 1,
    services: 2,
    uptimeCheckConfigs: 2,
  });
  await pulumi("99", "preview", "--refresh", "--expect-no-changes");
  const changed = await pulumi("95", "up", "--yes", "--skip-preview");
  expect(changed).toMatch(/~ 8 updated/);
  await pulumi("95", "preview", "--refresh", "--expect-no-changes");
  const state = readFileSync(join(folder, "state", "monitored.json"), "utf8");
  expect(state).toContain("xoxb-secret");
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).not.toMatch(/xoxb|hunter2/);
  await pulumi("95", "destroy", "--yes", "--skip-preview");
  expect(await stored()).toEqual({});
});

test("fails on a wrong policy with the API's own words", async () => {
  const wrong = program.replace('query: "up < 1"', 'query: "up <"');
  writeFileSync(join(folder, "index.js"), wrong);
  await expect(pulumi("99", "up", "--yes", "--skip-preview")).rejects.toThrow(
    /googleapi: Error 400: Field alert_policy\.conditions\[0\]\.condition_prometheus_query_language\.query had an invalid value of "up <": Could not parse PromQL query/,
  );
});
