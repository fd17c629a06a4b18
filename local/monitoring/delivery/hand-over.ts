import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AlertPolicy } from "../rules/alert-policy.ts";
import type { NotificationChannel } from "../rules/notification-channel.ts";
import type { State } from "../state/state.ts";
import { alertmanagerConfig, type Notified } from "./alertmanager-config.ts";
import { ruleGroupOf } from "./rule-groups.ts";
import type { DeliverySettings } from "./settings.ts";

/** How long changes are gathered, and how long after a failure it is tried again, in milliseconds. */
const GATHER = 500;
const RETRY = 2000;

/** How long a reload may take, in milliseconds. */
const TIMEOUT = 10_000;

/**
 * Keeps Prometheus' rules and Alertmanager's configuration what the state says, from now on.
 *
 * @param report hears why something could not be handed over; it is tried again.
 */
export function handOver(
  state: State,
  settings: DeliverySettings,
  report: (error: Error) => void,
): void {
  let timer: NodeJS.Timeout | undefined;
  let last = Promise.resolve();
  // What was read at the last start may be another thing than what lies there now.
  const pending = { rules: true, config: true };
  const plan = (wait: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      last = last.then(run);
    }, wait);
  };
  const run = async (): Promise<void> => {
    try {
      pending.rules = (await writeRules(state, settings.ruleFolder)) || pending.rules;
      pending.config = (await writeConfig(state, settings)) || pending.config;
      if (pending.rules) await reload(`${settings.prometheus}-/reload`);
      pending.rules = false;
      if (pending.config)
        await reload(`${settings.alertmanager}-/reload`, settings.alertmanagerLogin);
      pending.config = false;
    } catch (error) {
      report(error as Error);
      plan(RETRY);
    }
  };
  state.onChange(() => plan(GATHER));
  plan(0);
}

/** Writes one rule file for each project that has rules; true if anything changed. */
async function writeRules(state: State, folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = new Map<string, string>();
  for (const project of state.projects()) {
    const policies = Object.values(project.collection("alertPolicies"));
    const groups = (policies as unknown as AlertPolicy[]).flatMap(
      (policy) => ruleGroupOf(policy, project.id) ?? [],
    );
    if (groups.length > 0) files.set(`${project.id}.json`, JSON.stringify({ groups }, null, 1));
  }
  let hasChanged = false;
  for (const [name, content] of files) {
    hasChanged = (await replace(join(folder, name), content)) || hasChanged;
  }
  for (const name of await readdir(folder)) {
    if (files.has(name)) continue;
    await rm(join(folder, name), { force: true });
    hasChanged = true;
  }
  return hasChanged;
}

async function writeConfig(state: State, settings: DeliverySettings): Promise<boolean> {
  const projects = state.projects().map((project): Notified => {
    const channels = project.collection("notificationChannels");
    return {
      policies: Object.values(project.collection("alertPolicies")) as unknown as AlertPolicy[],
      channels: new Map(
        Object.entries(channels) as unknown as Iterable<[string, NotificationChannel]>,
      ),
    };
  });
  await mkdir(dirname(settings.alertmanagerConfig), { recursive: true, mode: 0o700 });
  const config = JSON.stringify(alertmanagerConfig(projects, settings), null, 1);
  return replace(settings.alertmanagerConfig, config);
}

/** Gives the file this content, readable by its owner only; false if it has it. */
async function replace(path: string, content: string): Promise<boolean> {
  if ((await readFile(path, "utf8").catch(() => undefined)) === content) return false;
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return true;
}

async function reload(url: string, login?: string): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    signal: AbortSignal.timeout(TIMEOUT),
    ...(login ? { headers: { authorization: `Basic ${btoa(login)}` } } : {}),
  });
  if (answer.ok) return;
  throw new Error(`POST ${url} must answer 200, got ${answer.status}: ${await answer.text()}`);
}
