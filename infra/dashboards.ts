import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** What a dashboard shows. */
export interface Dashboard {
  readonly title: string;

  /** From the top, each of 1-12 charts beside each other. */
  readonly rows: readonly (readonly Chart[])[];
}

/** A chart, or a table. */
export interface Chart {
  readonly title: string;

  /** PromQL: a line for each series of a chart. A table has a column for each query, and a row for each series. */
  readonly show:
    | { readonly lines: string }
    | {
        /** PromQL by title of the column. */
        readonly columns: Readonly<Record<string, string>>;
      };
}

/** Arguments of {@link Dashboards}. */
export interface DashboardsArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Labels of everything that takes some; by them a dashboard is found that nobody wrote down. */
  readonly labels: Readonly<Record<string, string>>;

  readonly dashboards: Readonly<Record<string, Dashboard>>;
}

/** Columns of the grid that charts lie on; the API's most. */
const COLUMNS = 48;

/** Height of a row, in the squares of the grid. */
const HEIGHT = 14;

/** Most widgets of a dashboard, by the API. */
const MOST_CHARTS = 100;

/**
 * Dashboards in Cloud Monitoring.
 *
 * Creates one `Dashboard` per entry.
 *
 * @throws Error naming the dashboard that has more charts than the API takes.
 */
export class Dashboards extends pulumi.ComponentResource {
  constructor(name: string, args: DashboardsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:Dashboards", name, {}, opts);
    for (const [key, { rows }] of Object.entries(args.dashboards)) requireFitting(key, rows);
    for (const [key, { title, rows }] of Object.entries(args.dashboards)) {
      new gcp.monitoring.Dashboard(
        `${name}-${key}`,
        {
          project: args.project,
          dashboardJson: JSON.stringify({
            displayName: title,
            labels: args.labels,
            mosaicLayout: { columns: COLUMNS, tiles: rows.flatMap(tilesOf) },
          }),
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

function requireFitting(name: string, rows: Dashboard["rows"]): void {
  const most = Math.max(...rows.map((row) => row.length));
  if (most > 12) throw new Error(`a row of ${name} must have 12 charts at most, got ${most}`);
  const count = rows.flat().length;
  if (count > MOST_CHARTS) {
    throw new Error(`${name} must have ${MOST_CHARTS} charts at most, got ${count}`);
  }
}

/** A row of charts of one width, as the API gives them back: what is 0 is left out, and defaults are there. */
function tilesOf(row: readonly Chart[], index: number): object[] {
  const width = Math.floor(COLUMNS / row.length);
  return row.map(({ title, show }, place) => ({
    ...(place > 0 && { xPos: place * width }),
    ...(index > 0 && { yPos: index * HEIGHT }),
    width,
    height: HEIGHT,
    widget: { title, ...("lines" in show ? chart(show.lines) : table(show.columns)) },
  }));
}

function chart(query: string): object {
  return {
    xyChart: {
      dataSets: [
        { timeSeriesQuery: { prometheusQuery: query }, plotType: "LINE", targetAxis: "Y1" },
      ],
      yAxis: { scale: "LINEAR" },
    },
  };
}

function table(columns: Readonly<Record<string, string>>): object {
  return {
    timeSeriesTable: {
      dataSets: Object.entries(columns).map(([title, query]) => ({
        timeSeriesQuery: { prometheusQuery: query },
        tableTemplate: title,
        minAlignmentPeriod: "0s",
      })),
      metricVisualization: "NUMBER",
    },
  };
}
