import { prometheusForm } from "../../../local/monitoring/promql/prometheus-form.ts";
import { checkWithPromtool } from "../../../local/monitoring/promql/promtool.ts";

test.each([
  ['{"a.com/b", x="y"}', '{__name__="a.com/b", x="y"}'],
  ['rate({"a.com/b"}[1m])', 'rate({__name__="a.com/b"}[1m])'],
  ['{"a.com/b", "x.y"=~"z"}', '{__name__="a.com/b", x_y=~"z"}'],
  ['{x="y", "a.com/b"}', '{x="y", __name__="a.com/b"}'],
  ['sum by ("x.y", z) (up)', "sum by (x_y, z) (up)"],
  ['({"a"} = 0) and up{x="=,{"}', '({__name__="a"} == 0) and up{x="=,{"}'],
])("%s is for Prometheus %s", (query, form) => {
  expect(prometheusForm(query)).toBe(form);
});

test.each([
  'up{job="cms", pod=~"a{2},b"} == 0 or absent(up) != bool 1 # = {"a"}',
  'label_replace(up, "a", "$1", "b", "(.*)") >= 1',
  'count_values("x", up) <= 2',
])("%s stays as it is", (query) => {
  expect(prometheusForm(query)).toBe(query);
});

test.each(["up < 1", '{"kubernetes.io/cpu", "a.b"="c"} > 0'])(
  "promtool accepts %s",
  async (query) => {
    expect(await checkWithPromtool(query)).toBeUndefined();
  },
);

test("fails on an expression that does not parse, with the place", async () => {
  expect(await checkWithPromtool("sum(up")).toBe("1:7: parse error: unclosed left parenthesis");
});

test("fails on a function that there is not", async () => {
  expect(await checkWithPromtool("median(up)")).toContain('unknown function with name "median"');
});

test("labels that are templates are checked too", async () => {
  expect(await checkWithPromtool("up", { a: "{{ $labels.job }}" })).toBeUndefined();
  expect(await checkWithPromtool("up", { a: "{{ $labels.job" })).toContain("unclosed action");
});
