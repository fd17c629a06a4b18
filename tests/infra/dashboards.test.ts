import { Dashboards, type Chart } from "../../infra/dashboards.ts";
import { registrationsOf } from "../mocks.ts";

const labels = { app: "marketing-stack", env: "dev" };
const chart = (title: string): Chart => ({ title, show: { lines: "up" } });
const dashboards = (rows: Chart[][]) =>
  registrationsOf(
    () =>
      new Dashboards("dashboards", {
        project: "acme",
        labels,
        dashboards: { services: { title: "Services", rows } },
      }),
  );

test("creates one dashboard per entry, with charts and tables in rows", async () => {
  const [component, dashboard] = await dashboards([
    [chart("one"), chart("two")],
    [{ title: "three", show: { columns: { up: "sum(up)", all: "count(up)" } } }],
  ]);
  const own = "marketing-stack:infra:Dashboards";
  expect(component).toEqual({ path: `${own}::dashboards`, inputs: {} });
  const { dashboardJson, ...inputs } = dashboard!.inputs;
  expect({ ...dashboard, inputs }).toEqual({
    path: `${own}$gcp:monitoring/dashboard:Dashboard::dashboards-services`,
    inputs: { project: "acme" },
  });
  const lines = {
    xyChart: {
      dataSets: [
        { timeSeriesQuery: { prometheusQuery: "up" }, plotType: "LINE", targetAxis: "Y1" },
      ],
      yAxis: { scale: "LINEAR" },
    },
  };
  expect(JSON.parse(dashboardJson as string)).toEqual({
    displayName: "Services",
    labels,
    mosaicLayout: {
      columns: 48,
      tiles: [
        { width: 24, height: 14, widget: { title: "one", ...lines } },
        { xPos: 24, width: 24, height: 14, widget: { title: "two", ...lines } },
        {
          yPos: 14,
          width: 48,
          height: 14,
          widget: {
            title: "three",
            timeSeriesTable: {
              dataSets: [
                {
                  timeSeriesQuery: { prometheusQuery: "sum(up)" },
                  tableTemplate: "up",
                  minAlignmentPeriod: "0s",
                },
                {
                  timeSeriesQuery: { prometheusQuery: "count(up)" },
                  tableTemplate: "all",
                  minAlignmentPeriod: "0s",
                },
              ],
              metricVisualization: "NUMBER",
            },
          },
        },
      ],
    },
  });
});

test("fails on more charts than the API takes", async () => {
  const row = [chart("a"), chart("b")];
  await expect(dashboards(Array.from({ length: 51 }, () => row))).rejects.toThrow(
    "services must have 100 charts at most, got 102",
  );
});

test("fails on a row of which no chart could be read", async () => {
  await expect(dashboards([Array.from({ length: 13 }, () => chart("a"))])).rejects.toThrow(
    "a row of services must have 12 charts at most, got 13",
  );
});
