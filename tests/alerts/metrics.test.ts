import { existsSync, readFileSync } from "node:fs";
import { alerts } from "./catalogue.ts";
import { readMetrics, seriesOf } from "../../stacks/alerts/metrics.ts";
import { metricsIn } from "../../stacks/alerts/promql.ts";

const metrics = readMetrics();

test.each(
  metrics.filter(({ source }) => source.includes("/")).map((one) => [one.metric, one] as const),
)("%s is published by the file that the table names", (metric, { source }) => {
  expect([source, existsSync(source)]).toEqual([source, true]);
  expect(readFileSync(source, "utf8")).toContain(`"${metric}"`);
});

test("each metric is in the table once, and some alert asks for it", () => {
  const names = metrics.map(({ metric }) => metric);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  const asked = new Set(alerts.flatMap(({ expr }) => metricsIn(expr)));
  const idle = metrics.filter((one) => !seriesOf(one).some((name) => asked.has(name)));
  expect(idle.map(({ metric }) => metric)).toEqual([]);
});
