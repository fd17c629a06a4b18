import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dashboards } from "../../../infra/dashboards.ts";
import { readDashboards } from "../../../stacks/alerts/dashboards.ts";
import { startEmulator } from "../../local/monitoring/emulator.ts";
import { registrationsOf } from "../../mocks.ts";

const dashboards = readDashboards();

test("there is one dashboard of services and one of campaigns", () => {
  expect(Object.keys(dashboards)).toEqual(["campaigns", "services"]);
});

test("each service has a row of its own", () => {
  const titles = dashboards.services!.rows.map((row) => row[0]!.title.split(":")[0]);
  expect(titles.slice(0, 3)).toEqual(["CMS", "Collector", "Worker"]);
  const [cms] = dashboards.services!.rows;
  expect(
    cms!.map(({ show }) => JSON.stringify(show)).filter((show) => !show.includes("cms")),
  ).toEqual([]);
});

test("each query about campaigns is grouped by campaign, so that any number of them is one dashboard", () => {
  const queries = dashboards
    .campaigns!.rows.flat()
    .flatMap(({ show }) => ("lines" in show ? [show.lines] : Object.values(show.columns)));
  expect(queries.length).toBeGreaterThan(8);
  expect(queries.filter((query) => !query.includes("by (campaign)"))).toEqual([]);
});

test("Cloud Monitoring's emulator takes every dashboard as it is, and adds nothing but name and etag", async () => {
  const emulator = await startEmulator();
  try {
    const args = { project: "demo", labels: { app: "marketing-stack", env: "dev" }, dashboards };
    const registrations = await registrationsOf(() => new Dashboards("dashboards", args));
    for (const { inputs } of registrations.slice(1)) {
      const sent = JSON.parse(inputs.dashboardJson as string) as object;
      const { status, body } = await emulator.call("POST", "/v1/projects/demo/dashboards", sent);
      expect([status, body]).toEqual([
        200,
        { ...sent, name: expect.any(String), etag: expect.any(String) },
      ]);
    }
  } finally {
    emulator.remove();
  }
});

test("fails on wrong dashboards with all their mistakes at once", () => {
  const folder = mkdtempSync(join(tmpdir(), "dashboards-"));
  try {
    const path = join(folder, "wrong.yaml");
    writeFileSync(
      path,
      `
rows:
  - each: [cms]
    charts: [{ title: a, expr: up }]
  - { charts: [], wide: true }
  - charts:
      - { expr: sum(up }
      - { title: b, columns: { c: nothing_of_ours } }
      - { title: d }
`,
    );
    expect(() => readDashboards(folder)).toThrow(
      [
        `${path}: title must be a text, got nothing`,
        `${path}: each of row 1 must hold a title by name, got ["cms"]`,
        `${path}: row 2 must have each and charts only, got "wide"`,
        `${path}: charts of row 2 must be a list of charts, got []`,
        `${path}: title of row 3, chart undefined must be a text, got nothing`,
        `${path}: expr of row 3, chart undefined must be PromQL, in which the end at character 7 is none, got "sum(up"`,
        `${path}: c of row 3, chart "b" must ask for metrics of alerts/metrics/metrics.yaml, got "nothing_of_ours"`,
        `${path}: expr of row 3, chart "d" must be a text, got nothing`,
      ].join("\n"),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
