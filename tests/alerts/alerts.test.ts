import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { clonePath } from "../../local/paths.ts";
import { alerts, folder, ruleFolder, rulesOf, seriesOf, tested } from "./catalogue.ts";

const named = alerts.map((alert) => [alert.alert, alert] as const);
const commands = Object.keys(
  JSON.parse(readFileSync(join(clonePath, "package.json"), "utf8")).scripts as object,
);

/** What promtool said of each alert's series, beginning with its verdict. */
let said: Record<string, string>;
beforeAll(async () => {
  const rules = ruleFolder();
  for (const [name, alert] of named) {
    writeFileSync(join(rules, `${name}.rules.json`), JSON.stringify(rulesOf(alert)));
    copyFileSync(join(folder, "tests", `${name}.yaml`), join(rules, `${name}.yaml`));
  }
  execFileSync("promtool", ["check", "rules", ...named.map(([name]) => `${name}.rules.json`)], {
    cwd: rules,
  });
  // promtool uses one processor.
  const count = availableParallelism();
  const outputs = await Promise.all(
    Array.from({ length: count }, (_, share) =>
      promtoolTest(
        rules,
        named.filter((_, index) => index % count === share).map(([name]) => name),
      ),
    ),
  );
  said = Object.assign({}, ...outputs) as typeof said;
  rmSync(rules, { recursive: true });
}, 120_000);

/** Tests the series of some alerts; what promtool says of each, in the order in which it says it. */
async function promtoolTest(
  rules: string,
  names: readonly string[],
): Promise<Record<string, string>> {
  const files = names.map((name) => `${name}.yaml`);
  const child = spawn("sh", ["-c", 'exec promtool test rules "$@" 2>&1', "sh", ...files], {
    cwd: rules,
  });
  const output = await text(child.stdout);
  const parts = output.split(/^Unit Testing: +/m).slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const [file, ...lines] = part.split("\n");
      return [basename(file!, ".yaml"), lines.join("\n").trim()];
    }),
  );
}

test("each alert has series, and there are series for no other", () => {
  expect([...tested].sort()).toEqual(named.map(([name]) => name).sort());
});

test.each(named)("%s fires and is silent where its series say", (name) => {
  expect(said[name]).toBe("SUCCESS");
});

test.each(named)("%s has a case that fires and one that is silent", (name) => {
  const expectations = seriesOf(name)
    .tests.flatMap((series) => series.alert_rule_test)
    .filter(({ alertname }) => alertname === name)
    .map(({ exp_alerts }) => exp_alerts.length > 0);
  expect(new Set(expectations)).toEqual(new Set([true, false]));
});

test.each(named)("%s has a sentence and a runbook with three things to do", (name, alert) => {
  expect(alert.summary).toMatch(/^[A-Z].{20,200}\.$/);
  expect(alert.runbook).toBe(`alerts/runbooks/${name}.md`);
  const runbook = readFileSync(join(clonePath, alert.runbook), "utf8");
  expect(runbook).toMatch(new RegExp(`^# ${name}\n`));
  expect(runbook.match(/^[123]\. /gm)).toEqual(["1. ", "2. ", "3. "]);
});

test.each(named)("%s has a runbook that names npm commands that exist", (_name, { runbook }) => {
  const steps = readFileSync(join(clonePath, runbook), "utf8");
  const named = [...steps.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, command]) => command!);
  expect(named.filter((command) => !commands.includes(command))).toEqual([]);
});

test.each(named)("%s means the same to Prometheus and to Cloud Monitoring", (_name, { expr }) => {
  expect(expr).not.toMatch(/__name__|keep_firing_for|namespace/);
});

test("every runbook belongs to an alert", () => {
  const runbooks = readdirSync(join(folder, "runbooks")).map((file) => basename(file, ".md"));
  expect(runbooks.filter((name) => !named.some(([alert]) => alert === name))).toEqual([]);
});
