import { invalidField, missingField } from "../api-error.ts";
import type { Message } from "../protos/schema.ts";
import { requireLength, requireRange } from "./limits.ts";

/** Columns of a mosaic where the dashboard does not say, and most of them. */
const MAX_COLUMNS = 48;

/** Most widgets of one dashboard. */
const MAX_WIDGETS = 100;

/**
 * Checks a dashboard against the rules of the API that its schema cannot state.
 *
 * @throws ApiError about the first rule that it breaks.
 */
export function checkDashboard(dashboard: Message): void {
  const { displayName, mosaicLayout, labels } = dashboard as Dashboard;
  if (!displayName) throw missingField("dashboard.display_name");
  requireLength("dashboard.display_name", displayName, 256);
  for (const label of Object.keys(labels ?? {})) {
    requireLength(`dashboard.labels[${label}]`, label, 128);
  }
  const widgets = widgetsIn(dashboard);
  if (widgets > MAX_WIDGETS) {
    throw invalidField(
      "dashboard.layout",
      widgets,
      `must not have more than ${MAX_WIDGETS} widgets.`,
    );
  }
  if (mosaicLayout) checkMosaic(mosaicLayout);
}

/** The dashboard with what the server fills in: charts' axes, texts' formats. */
export function withDashboardDefaults(dashboard: Message): Message {
  return completed(dashboard) as Message;
}

interface Dashboard {
  readonly displayName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly mosaicLayout?: Mosaic;
}

interface Mosaic {
  readonly columns?: number;
  readonly tiles?: readonly Tile[];
}

interface Tile {
  readonly xPos?: number;
  readonly yPos?: number;
  readonly width?: number;
  readonly height?: number;
}

function checkMosaic({ columns = 0, tiles = [] }: Mosaic): void {
  const field = "dashboard.mosaic_layout";
  requireRange(`${field}.columns`, columns, 1, MAX_COLUMNS);
  for (const [index, { xPos = 0, yPos = 0, width = 0, height = 0 }] of tiles.entries()) {
    const at = `${field}.tiles[${index}]`;
    requireRange(`${at}.width`, width, 1, columns);
    requireRange(`${at}.height`, height, 1, Number.MAX_SAFE_INTEGER);
    requireRange(`${at}.x_pos`, xPos, 0, columns - width);
    requireRange(`${at}.y_pos`, yPos, 0, Number.MAX_SAFE_INTEGER);
  }
}

function widgetsIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce((sum, [field, inner]) => {
    const own = field === "widgets" ? (inner as unknown[]).length : Number(field === "widget");
    return sum + own + widgetsIn(inner);
  }, 0);
}

function completed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(completed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => {
      const complete = defaults[field];
      return [field, complete ? complete(completed(inner)) : completed(inner)];
    }),
  );
}

/** What the server adds to a field where the caller left it out. */
const defaults: Readonly<Record<string, (value: unknown) => unknown>> = {
  xyChart: (chart) => withDataSets(chart, { targetAxis: "Y1" }),
  timeSeriesTable: (table) => withDataSets(table, { minAlignmentPeriod: "0s" }),
  yAxis: (axis) => ({ scale: "LINEAR", ...(axis as object) }),
  text: (text) => ({ format: "MARKDOWN", style: {}, ...(text as object) }),
};

function withDataSets(widget: unknown, missing: object): object {
  const { dataSets = [] } = widget as { dataSets?: readonly object[] };
  return { ...(widget as object), dataSets: dataSets.map((set) => ({ ...missing, ...set })) };
}
