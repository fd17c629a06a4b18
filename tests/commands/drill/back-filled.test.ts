import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../local/free-port.ts";
import { readAlerts } from "../../../stacks/alerts/read.ts";
import { backFilled } from "../../../commands/drill/back-filled.ts";
import { histories } from "../../../commands/drill/histories.ts";
import { inNamespace } from "../../../local/monitoring/delivery/namespaced.ts";
import { waitFor } from "../../../local/wait.ts";

// Each back-filled history, in a Prometheus of its own name space, against the catalogue's own expression.

const alerts = readAlerts();
const drilled = Object.entries(histories);
const now = Math.floor(Date.now() / 1000);

let folder: string;
let child: ChildProcess;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "histories-"));
  const samples = drilled.flatMap(([alert, { ageSeconds, series }]) => [
    backFilled(series, { namespace: `wrong-${alert}`, now, begun: now - ageSeconds }),
    backFilled(series, { namespace: `well-${alert}`, now, begun: Infinity }),
  ]);
  const text = `${samples.join("").replaceAll("# EOF\n", "")}# EOF\n`;
  writeFileSync(join(folder, "samples.txt"), text);
  const blocks = ["tsdb", "create-blocks-from", "openmetrics", "--quiet", "samples.txt", "data"];
  execFileSync("promtool", blocks, { cwd: folder });
  writeFileSync(join(folder, "config.json"), "{}");
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  child = spawn(
    "prometheus",
    [
      "--config.file=config.json",
      "--storage.tsdb.path=data",
      "--storage.tsdb.retention.time=1y",
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    { cwd: folder, stdio: "ignore" },
  );
  await waitFor("Prometheus", 300, async () => (await fetch(`${url}/-/ready`)).ok || undefined);
}, 600_000);

afterAll(async () => {
  child.kill("SIGKILL");
  await once(child, "exit");
  rmSync(folder, { recursive: true, force: true });
});

async function seriesOf(alert: string, namespace: string): Promise<number> {
  const query = inNamespace(alerts[alert]!.expression, namespace);
  const parameters = new URLSearchParams({ query, time: `${now}` });
  const answer = await fetch(`${url}/api/v1/query?${parameters}`);
  const { data } = (await answer.json()) as { data: { result: unknown[] } };
  return data.result.length;
}

test.each(drilled.map(([alert]) => alert))(
  "%s holds at the end of its history, and not if nothing had gone wrong",
  async (alert) => {
    expect({
      wrong: await seriesOf(alert, `wrong-${alert}`),
      well: await seriesOf(alert, `well-${alert}`),
    }).toEqual({ wrong: 1, well: 0 });
  },
  60_000,
);
