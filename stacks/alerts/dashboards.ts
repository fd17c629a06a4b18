import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import type { Chart, Dashboard } from "../../infra/dashboards.ts";
import { readMetrics, seriesOf } from "./metrics.ts";
import { metricsIn, promqlProblem } from "./promql.ts";
import { isMapping } from "./read.ts";
import { isText } from "./rules.ts";

/** Notes that something of a dashboard breaks a rule; `got` is what was found. */
type Note = (what: string, rule: string, got: unknown) => void;

/**
 * The dashboards: every `*.yaml` in `folder`, by file name.
 *
 * A row with `each` is one row for each of its entries, in whose expressions `$each` stands for the entry's name and before
 * whose charts its title stands.
 *
 * @throws Error naming file, chart, value and what is allowed, for all mistakes at once.
 */
export function readDashboards(folder = "alerts/dashboards"): Record<string, Dashboard> {
  const problems: string[] = [];
  const known = new Set(readMetrics().flatMap(seriesOf));
  const dashboards: Record<string, Dashboard> = {};
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()) {
    const path = join(folder, file);
    const note: Note = (what, rule, got) =>
      problems.push(`${path}: ${what} must ${rule}, got ${JSON.stringify(got) ?? "nothing"}`);
    const content = parse(readFileSync(path, "utf8")) as unknown;
    const { title, rows } = isMapping(content) ? content : {};
    if (!isText(title)) note("title", "be a text", title);
    if (!Array.isArray(rows) || rows.length === 0) {
      note("rows", "be a list of rows", rows);
      continue;
    }
    dashboards[basename(file, ".yaml")] = {
      title: String(title),
      rows: rows.flatMap((row: unknown, index) => rowsOf(`row ${index + 1}`, row, { known, note })),
    };
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return dashboards;
}

/** What is known while a dashboard is read. */
interface Reading {
  /** Names of the series that there are. */
  readonly known: ReadonlySet<string>;
  readonly note: Note;
}

function rowsOf(where: string, row: unknown, { known, note }: Reading): Chart[][] {
  const { each = { "": "" }, charts, ...rest } = isMapping(row) ? row : {};
  for (const field of Object.keys(rest)) note(where, "have each and charts only", field);
  if (!Array.isArray(charts) || charts.length === 0 || !charts.every(isMapping)) {
    note(`charts of ${where}`, "be a list of charts", charts);
    return [];
  }
  if (!isMapping(each) || !Object.values(each).every((title) => typeof title === "string")) {
    note(`each of ${where}`, "hold a title by name", each);
    return [];
  }
  return Object.entries(each).map(([name, title]) =>
    charts.map((chart): Chart => {
      const at = `${where}, chart ${JSON.stringify(chart.title)}`;
      const query = (field: string, expression: unknown): string =>
        queryOf(`${field} of ${at}`, expression, name, { known, note });
      const { columns } = chart;
      if (!isText(chart.title)) note(`title of ${at}`, "be a text", chart.title);
      return {
        title: title === "" ? String(chart.title) : `${String(title)}: ${String(chart.title)}`,
        show: isMapping(columns)
          ? {
              columns: Object.fromEntries(
                Object.entries(columns).map(([column, expr]) => [column, query(column, expr)]),
              ),
            }
          : { lines: query("expr", chart.expr) },
      };
    }),
  );
}

function queryOf(
  what: string,
  expression: unknown,
  each: string,
  { known, note }: Reading,
): string {
  if (!isText(expression)) {
    note(what, "be a text", expression);
    return "";
  }
  const query = expression.replaceAll("$each", each).trim();
  const problem = promqlProblem(query);
  if (problem !== undefined) note(what, `be PromQL, in which ${problem}`, query);
  for (const metric of metricsIn(query)) {
    if (!known.has(metric)) note(what, "ask for metrics of alerts/metrics/metrics.yaml", metric);
  }
  return query;
}
