import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import { promisify } from "node:util";
import { platformAddresses } from "../../../local/addresses.ts";
import { alertmanagerLogin } from "../../../local/alertmanager/login.ts";
import { freePort } from "../../../local/free-port.ts";
import { statePath } from "../../../local/paths.ts";
import { ruleFolder } from "../../../local/prometheus/prometheus.ts";
import { waitFor } from "../../../local/wait.ts";
import { backFilled, type PastSeries } from "../back-filled.ts";
import type { Fault } from "../fault.ts";
import type { Stage } from "../stage.ts";

/** Where the drill's own Prometheus is. */
interface Running {
  readonly folder: string;
  readonly port: number;
}

/** How long Prometheus may take to start and to answer, in seconds. */
const STARTS_WITHIN = 120;

/**
 * Weeks of history, and something that went wrong a while ago, in a Prometheus of the drill's own.
 *
 * It evaluates the stack's own rule, as the emulator wrote it for the platform's Prometheus, and tells the platform's
 * Alertmanager. It is healed by forgetting the series.
 *
 * @param ageSeconds how long it has been wrong when the rule is first evaluated.
 */
export function pastWeeks(
  alert: string,
  ageSeconds: number,
  series: readonly PastSeries[],
): Fault<Running> {
  return {
    isExclusive: false,
    prepare: async ({ stack }) => ({
      folder: join(statePath, "stacks", stack, `drill-${alert}`),
      port: await freePort(),
    }),
    async inject(stage, { folder, port }) {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const now = Math.floor(Date.now() / 1000);
      const begun = now - ageSeconds;
      const samples = join(folder, "samples.txt");
      await writeFile(samples, backFilled(series, { namespace: stage.stack, now, begun }));
      const blocks = ["tsdb", "create-blocks-from", "openmetrics", "--quiet"];
      await promisify(execFile)("promtool", [...blocks, samples, join(folder, "data")]);
      await writeFile(join(folder, "rules.json"), await ruleOf(alert, stage));
      await writeFile(join(folder, "config.json"), await configOf(folder), { mode: 0o600 });
      await start(folder, port);
      return new Date(begun * 1000);
    },
    async heal(_stage, { folder, port }) {
      const pid = await pidOf(folder);
      if (pid !== undefined) {
        // A Prometheus that does not answer any more is ended all the same: Alertmanager forgets its alerts in 5 minutes.
        await forget(port, series).finally(() => process.kill(pid, "SIGKILL"));
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The group of the alert in the platform's rules. */
async function ruleOf(alert: string, { project }: Stage): Promise<string> {
  const path = join(ruleFolder, `${project}.json`);
  const { groups } = JSON.parse(await readFile(path, "utf8")) as {
    groups: { rules: { alert: string }[] }[];
  };
  const own = groups.filter(({ rules }) => rules[0]?.alert === alert);
  if (own.length > 0) return JSON.stringify({ groups: own });
  throw new Error(`${alert} must be among the rules of ${project}, got none; run npm run up`);
}

async function configOf(folder: string): Promise<string> {
  const { user, password } = await alertmanagerLogin();
  const { ports } = await platformAddresses({});
  return JSON.stringify({
    rule_files: [join(folder, "rules.json")],
    alerting: {
      alertmanagers: [
        {
          basic_auth: { username: user, password },
          static_configs: [{ targets: [`127.0.0.1:${ports.alertmanager}`] }],
        },
      ],
    },
  });
}

async function start(folder: string, port: number): Promise<void> {
  const log = openSync(join(folder, "log.txt"), "w", 0o600);
  const child = spawn(
    "/usr/bin/prometheus",
    [
      `--config.file=${join(folder, "config.json")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--storage.tsdb.retention.time=1y",
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-admin-api",
      "--log.level=warn",
    ],
    // Not ended by the Ctrl-C that the drill is ended by: it is healed first.
    { stdio: ["ignore", log, log], detached: true },
  );
  child.unref();
  closeSync(log);
  await once(child, "spawn");
  await waitFor(`Prometheus of ${folder}`, STARTS_WITHIN, async () =>
    (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok ? true : undefined,
  );
}

/** Has Prometheus forget the series, see that the alert is over, and tell Alertmanager. */
async function forget(port: number, series: readonly PastSeries[]): Promise<void> {
  const api = `http://127.0.0.1:${port}/api/v1`;
  for (const name of new Set(series.map((one) => one.name))) {
    const query = new URLSearchParams({ "match[]": name });
    const answer = await fetch(`${api}/admin/tsdb/delete_series?${query}`, { method: "POST" });
    if (!answer.ok) throw new Error(`Prometheus must forget ${name}, got ${answer.status}`);
  }
  await waitFor("the end of the alert", STARTS_WITHIN, async () => {
    const { data } = (await (await fetch(`${api}/rules`)).json()) as {
      data: { groups: { rules: { state: string }[] }[] };
    };
    const isOver = data.groups.every(({ rules }) =>
      rules.every(({ state }) => state === "inactive"),
    );
    return isOver || undefined;
  });
  await waitFor("Alertmanager to hear of it", STARTS_WITHIN, async () => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return /^prometheus_notifications_queue_length 0$/m.test(text) || undefined;
  });
}

/** Process of the Prometheus whose state is in `folder`; undefined if there is none. */
async function pidOf(folder: string): Promise<number | undefined> {
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (line.startsWith(`/usr/bin/prometheus\0`) && line.includes(`=${folder}/`))
      return Number(name);
  }
  return undefined;
}
