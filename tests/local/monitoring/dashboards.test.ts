import { projectNumber } from "../../../local/monitoring/state/project-name.ts";
import { startEmulator, type Body, type Emulator } from "./emulator.ts";

const DASHBOARDS = "/v1/projects/demo/dashboards";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.remove());

const chart = {
  xyChart: {
    dataSets: [{ timeSeriesQuery: { prometheusQuery: "up" }, plotType: "LINE" }],
    yAxis: { label: "pods" },
  },
};

const dashboard = {
  displayName: "Stack",
  mosaicLayout: {
    columns: 12,
    tiles: [
      { width: 6, height: 4, widget: chart },
      { xPos: 6, width: 6, height: 4, widget: { text: { content: "Hello" } } },
    ],
  },
};

test("a dashboard comes back with what the server fills in, and an etag", async () => {
  const { body } = await emulator.call("POST", DASHBOARDS, dashboard);
  expect(body).toEqual({
    displayName: "Stack",
    name: expect.stringMatching(
      new RegExp(`^projects/${projectNumber("demo")}/dashboards/\\d{19,20}$`),
    ),
    etag: expect.stringMatching(/^[0-9a-f]{32}$/),
    mosaicLayout: {
      columns: 12,
      tiles: [
        {
          width: 6,
          height: 4,
          widget: {
            xyChart: {
              dataSets: [{ ...chart.xyChart.dataSets[0], targetAxis: "Y1" }],
              yAxis: { label: "pods", scale: "LINEAR" },
            },
          },
        },
        {
          xPos: 6,
          width: 6,
          height: 4,
          widget: { text: { content: "Hello", format: "MARKDOWN", style: {} } },
        },
      ],
    },
  });
  expect((await emulator.call("GET", `/v1/${body.name}`)).body).toEqual(body);
  expect((await emulator.call("GET", DASHBOARDS)).body).toEqual({ dashboards: [body] });
});

test("a caller may choose the ID, and may have a dashboard checked only", async () => {
  const named = { ...dashboard, name: "projects/demo/dashboards/stack" };
  await emulator.call("POST", `${DASHBOARDS}?validateOnly=true`, named);
  expect((await emulator.call("GET", DASHBOARDS)).body).toEqual({});
  const { body } = await emulator.call("POST", DASHBOARDS, named);
  expect(body.name).toBe(`projects/${projectNumber("demo")}/dashboards/stack`);
});

test("an update needs the current etag, and changes it", async () => {
  const { body: created } = await emulator.call("POST", DASHBOARDS, dashboard);
  const path = `/v1/${created.name}`;
  const change = { ...dashboard, displayName: "Renamed" };
  expect((await emulator.call("PATCH", path, change)).body.error).toMatchObject({
    code: 400,
    message: "Update Dashboard should specify a non empty etag.",
  });
  const { body: changed } = await emulator.call("PATCH", path, { ...change, etag: created.etag });
  expect([changed.displayName, changed.etag === created.etag]).toEqual(["Renamed", false]);
  expect((await emulator.call("PATCH", path, { ...change, etag: created.etag })).status).toBe(409);
});

test.each<[string, Body, string]>([
  ["no name", { gridLayout: {} }, "Request was missing field dashboard.display_name"],
  [
    "a field of console exports",
    {
      displayName: "x",
      gridLayout: { widgets: [{ xyChart: { ...chart.xyChart, showLegend: true } }] },
    },
    "Invalid JSON payload received. Unknown name \"showLegend\" at 'dashboard.grid_layout.widgets[0].xy_chart': Cannot find field.",
  ],
  [
    "a chart of nothing",
    { displayName: "x", gridLayout: { widgets: [{ xyChart: {} }] } },
    "Request was missing field dashboard.grid_layout.widgets[0].xy_chart.data_sets",
  ],
  [
    "a tile outside its mosaic",
    { displayName: "x", mosaicLayout: { columns: 12, tiles: [{ xPos: 8, width: 6, height: 1 }] } },
    'Field dashboard.mosaic_layout.tiles[0].x_pos had an invalid value of "8": must be from 0 to 6.',
  ],
  [
    "two layouts",
    { displayName: "x", gridLayout: {}, rowLayout: {} },
    "Invalid value at 'dashboard' (oneof), oneof field 'layout' is already set. Cannot set 'rowLayout'",
  ],
])("fails on a dashboard with %s", async (_what, given, message) => {
  const { status, body } = await emulator.call("POST", DASHBOARDS, given);
  expect([status, body.error.message]).toEqual([400, message]);
});
