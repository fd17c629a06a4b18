import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promqlProblem } from "../../stacks/alerts/promql.ts";
import { readDashboards } from "../../stacks/alerts/dashboards.ts";
import { alerts, ruleFolder } from "./catalogue.ts";
import { mutantsOf } from "./mutants.ts";

/** What Prometheus takes. */
const GOOD = String.raw`
up
up{}
up{job="cms"}
up{job="cms",}
{job="cms"}
{__name__="up"}
{job!=""}
{job=~".+"}
{job!~""}
up{job=~"(?i)cms|worker"}
up{job=~"c\\.s"}
up{job="\""}
up{job='it\'s'}
up{job=${"`\\d`"}}
1
0x1f
1e3
.5
Inf
NaN
-up
+1
1 + 1
1 > bool 1
2 ^ 3 ^ 2
up == 1
up == bool 1
up == 1 == 1
up atan2 up
up % 2
up and up
up or vector(0)
up unless on (job) down
up + on (job) group_left (pod) down
up + ignoring (pod) group_right down
up * on () group_left () down
up > on (job) down
up offset 5m
up offset -5m
up offset 1h30m
up - up offset 1w
rate(up[5m] offset 1d)
up @ 100
up @ end()
rate(up[5m] @ start() offset 5m)
sum(up)
sum by (job) (up)
sum(up) by (job)
sum without (job, pod) (up)
sum by () (up)
SUM(up)
group(up)
topk(3, up)
bottomk(scalar(up), up)
quantile(0.5, up)
count_values("version", up)
stddev(up)
rate(up[5m])
rate((up[5m]))
sum(rate(up[5m]))
max_over_time(rate(up[5m])[30m:1m])
max_over_time(up[30m:])
max_over_time((up > 1)[30m:1m] offset 5m)
quantile_over_time(0.9, up[5m])
predict_linear(up[1h], 3600)
last_over_time(up[1ms])
histogram_quantile(0.9, sum by (le) (rate(up[5m])))
clamp(up, 0, 1)
clamp_min(up, 0)
round(up)
round(up, 5)
time()
time() - 5
pi()
hour()
hour(up)
vector(time())
scalar(up) + 1
absent(up{job="cms"})
absent_over_time(up[5m])
timestamp(up)
sgn(up)
label_replace(up, "a", "$1", "b", "(.*)")
label_join(up, "a", "-", "b")
label_join(up, "a", "-", "b", "c")
sort_desc(up)
days_in_month(vector(1))
up # a comment
((up))
job:up:sum
sum(sum)
rate
`;

/** What it refuses. */
const BAD = String.raw`
up >
up > 5m
> up
up up
(up
up)
up{
up{job}
up{job=}
up{job="cms"
up{job="cms}
up{job=cms}
up{job=="cms"}
up{job="\d"}
up{job=~"("}
up{job=~"*"}
{}
{job=""}
{job=~".*"}
{job!="cms",job!~".+"} + {}
{"up"}
{"up", job="cms"}
up{"job"="cms"}
up{__name__="down"}
up[300]
rate(up[300])
rate(up[5m + 1m])
rate(up[0s])
rate(up[5])
rate(up[m])
rate(up[1.5h])
rate(up[-5m])
rate(up[5m1h])
rate(up)
rate(up[5m)
rate(sum(up)[5m])
rate((up)[5m])
rate(rate(up[5m]))
rate(up[5m], 1)
rate()
rate(up[5m] smoothed)
rates(up[5m])
info(up)
limitk(3, up)
mad_over_time(up[5m])
double_exponential_smoothing(up[5m], 0.5, 0.5)
sort_by_label(up, "job")
up[5m] + 1
1 + up[5m]
-up[5m]
up and 1
1 or 2
1 > 1
1 + bool 1
up + bool up
up and bool up
"a" + 1
-"a"
1 + on (job) up
up + on (job) 1
up and on (job) group_left down
up + on (job) group_left (job) down
up + group_left down
sum(up) offset 5m
(up) offset 5m
up offset
up offset 5
offset 5m
up @ job
sum(1)
sum("a")
sum(up[5m])
sum()
sum(up, up)
sum by (up)
sum by job (up)
sum by (job) (up) by (job)
topk(up)
topk("a", up)
topk(up, 3)
quantile(up, 0.5)
count_values(1, up)
count_values(up)
histogram_quantile(up, 0.9)
histogram_quantile(0.9)
quantile_over_time(up[5m], 0.9)
clamp(up, 0)
clamp_min(0, up)
clamp_min(up, 0, 1)
round(up, 1, 2)
time(up)
time(1)
pi(1)
hour(1)
hour(up, up)
vector(up)
scalar(1)
abs(1)
abs(up[5m])
absent(1)
label_replace(up, "a", "$1", "b")
label_replace(up, a, "$1", "b", "(.*)")
label_join(up, "a")
max_over_time(1[30m:1m])
max_over_time(up[5m][30m:1m])
max_over_time(up[30m:1m:1m])
up == == 1
up = 1
up & up
up && up
up || up
up !
not up
`;

/** What has no value for an alert, which Prometheus does not ask before it evaluates it. */
const WITHOUT_VALUE = ["up[5m]", "max_over_time(up[5m])[5m:]", '"a"', '("a")'];

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");
const good = linesOf(GOOD);
const bad = linesOf(BAD);
const ours = [
  ...alerts.map(({ expr }) => expr),
  ...Object.values(readDashboards())
    .flatMap(({ rows }) => rows.flat())
    .flatMap(({ show }) => ("lines" in show ? [show.lines] : Object.values(show.columns))),
];

/** Expressions with one token left out, or one twice. */
function misspelt(expression: string): string[] {
  const tokens = expression.match(/[\w:.]+|"[^"]*"|\s+|./g)!;
  const replaced = (index: number, by: string): string =>
    [...tokens.slice(0, index), by, ...tokens.slice(index + 1)].join("");
  return tokens.flatMap((token, index) =>
    /^\s+$/.test(token) ? [] : [replaced(index, ""), replaced(index, `${token} ${token}`)],
  );
}

/** Those of the expressions that `promtool check rules` refuses. */
function refused(expressions: readonly string[]): Set<string> {
  const folder = ruleFolder();
  try {
    const rules = expressions.map((expr, index) => ({ alert: `rule_${index}`, expr }));
    writeFileSync(
      join(folder, "rules.json"),
      JSON.stringify({ groups: [{ name: "rules", rules }] }),
    );
    const { stderr, error } = spawnSync("promtool", ["check", "rules", "rules.json"], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (error) throw error;
    const named = stderr.matchAll(/"rule_(\d+)": could not parse expression/g);
    return new Set([...named].map(([, index]) => expressions[Number(index)]!));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const corpus = {
  "what is written here": [...good, ...bad],
  "the catalogue and its dashboards": ours,
  "each alert's mutants": alerts.flatMap(({ expr }) => mutantsOf(expr).map((one) => one.expr)),
  "the catalogue with one token too few or too many": [
    ...new Set(alerts.flatMap(({ expr }) => misspelt(expr))),
  ],
};

test.each(Object.entries(corpus))("the preview and promtool agree on %s", (_what, expressions) => {
  const theirs = refused(expressions);
  const other = expressions
    .map((expression) => ({
      expression,
      preview: promqlProblem(expression),
      promtool: theirs.has(expression) ? "refuses it" : "takes it",
    }))
    .filter(({ preview, promtool }) => (preview === undefined) !== (promtool === "takes it"));
  expect(other).toEqual([]);
});

test("all of what is good here is taken, and none of what is bad", () => {
  expect(good.filter((expression) => promqlProblem(expression) !== undefined)).toEqual([]);
  expect(bad.filter((expression) => promqlProblem(expression) === undefined)).toEqual([]);
});

test.each(WITHOUT_VALUE)(
  "fails on %s, which promtool takes, and no alert can have",
  (expression) => {
    expect(refused([expression])).toEqual(new Set());
    expect(promqlProblem(expression)).toMatch(/^it is a (range|text), which has no value/);
  },
);
