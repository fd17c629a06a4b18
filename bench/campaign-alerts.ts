import { waitFor } from "../local/wait.ts";
import { startNotifying } from "../tests/e2e/notifying.ts";

// A hundred alerts over a thousand campaigns, as the platform evaluates them: how many policies and rules that takes,
// and how long one evaluation of all of them does.

const ALERTS = 100;
const CAMPAIGNS = 1000;
const project = "marketing-stack-campaigns";

const stack = await startNotifying("campaigns");
// Loaded only now: it asks where the state lies.
const { report, round } = await import("./measure.ts");
try {
  const names = Array.from({ length: CAMPAIGNS }, (_, index) => `campaign-${index}`);
  const series = (metric: string): string[] =>
    names.map((name, index) => `${metric}{campaign="${name}"} ${index}`);
  stack.expose(
    `${[...series("mkt_sessions_total"), ...series("mkt_conversions_total")].join("\n")}\n`,
  );
  for (let index = 0; index < ALERTS; index++) {
    const answer = await fetch(`${stack.monitoring}/v3/projects/${project}/alertPolicies`, {
      method: "POST",
      body: JSON.stringify({
        displayName: `bench/Alert${index}`,
        combiner: "OR",
        conditions: [
          {
            displayName: `Alert${index}`,
            conditionPrometheusQueryLanguage: {
              query: `sum by (campaign) (rate(mkt_conversions_total[5m])) / sum by (campaign) (rate(mkt_sessions_total[5m])) > ${index + 2}`,
            },
          },
        ],
      }),
    });
    if (!answer.ok) throw new Error(`a policy must be stored, got ${answer.status}`);
  }
  interface Group {
    readonly evaluationTime: number;
    readonly lastEvaluation: string;
  }
  const groups = await waitFor("an evaluation of all rules", 120, async () => {
    const { data } = (await (await fetch(`${stack.prometheus}/api/v1/rules`)).json()) as {
      data: { groups: Group[] };
    };
    const isDone = data.groups.every(({ lastEvaluation }) => Date.parse(lastEvaluation) > 0);
    return isDone && data.groups.length >= ALERTS ? data.groups : undefined;
  });
  const listed = await fetch(`${stack.monitoring}/v3/projects/${project}/alertPolicies`);
  const { totalSize } = (await listed.json()) as { totalSize: number };
  report("campaign-alerts", {
    alerts: ALERTS,
    campaigns: CAMPAIGNS,
    policies: totalSize,
    rules: groups.length,
    evaluationSeconds: round(groups.reduce((sum, group) => sum + group.evaluationTime, 0)),
    everySeconds: 30,
  });
} finally {
  await stack.end();
}
