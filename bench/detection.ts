import { readAlerts } from "../stacks/alerts/read.ts";
import type { Result } from "../commands/drill/result.ts";
import { measure, report, round } from "./measure.ts";

// How long each alert takes from its fault to its notification, in drills of dev, against what cannot be less: a scrape,
// an evaluation, and `for`. It breaks dev on purpose.

const SCRAPE = 5;

const alerts = readAlerts();
const { output } = await measure(process.execPath, ["commands/run.js", "drill", "--json"], {});
const { alerts: results } = JSON.parse(output.slice(output.indexOf("{"))) as { alerts: Result[] };
for (const { alert, seconds, promisedSeconds, reason } of results) {
  const { forSeconds, evaluationIntervalSeconds } = alerts[alert]!;
  report("detection", {
    alert,
    seconds,
    scrapeEvaluationForSeconds: round(SCRAPE + evaluationIntervalSeconds + forSeconds),
    promisedSeconds,
    reason,
  });
}
