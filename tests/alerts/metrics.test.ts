import { existsSync, readFileSync } from "node:fs";
import { alerts } from "./catalogue.ts";
import { readDashboards } from "../../stacks/alerts/dashboards.ts";
import { readMetrics, seriesOf } from "../../stacks/alerts/metrics.ts";
import { metricsIn } from "../../stacks/alerts/promql.ts";

const metrics = readMetrics();

test.each(
  metrics.filter(({ source }) => source.includes("/")).map((one) => [one.metric, one] as const),
)("%s is published by the file that the table names", (metric, { source }) => {
  expect([source, existsSync(source)]).toEqual([source, true]);
  expect(readFileSync(source, "utf8")).toContain(`"${metric}"`);
});

test("each metric is in the table once, and some alert or dashboard asks for it", () => {
  const names = metrics.map(({ metric }) => metric);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  const shown = Object.values(readDashboards())
    .flatMap(({ rows }) => rows.flat())
    .flatMap(({ show }) => ("lines" in show ? [show.lines] : Object.values(show.columns)));
  const asked = new Set([...alerts.map(({ expr }) => expr), ...shown].flatMap(metricsIn));
  const idle = metrics.filter((one) => !seriesOf(one).some((name) => asked.has(name)));
  expect(idle.map(({ metric }) => metric)).toEqual([]);
});
