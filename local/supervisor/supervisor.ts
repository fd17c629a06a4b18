import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { statePath } from "../paths.ts";
import { waitFor } from "../wait.ts";
import { isAlive, memoryOf, processWith, type ProcessId } from "./process.ts";
import { control, isSupervised, runitStatus } from "./runit.ts";
import { deathsIn, scriptsOf, type Death } from "./scripts.ts";
import type { Service } from "./service.ts";

/** After so many deaths since the wait began a process is not waited for any longer. */
const HOPELESS = 8;

/** How long a process that is to be started again may take to end before it is killed, in seconds. */
const RESTART_GRACE = 10;

/** One supervised process, as it is now. */
export interface ProcessStatus {
  readonly name: string;
  readonly running: boolean;
  /** Absent when it does not run. */
  readonly pid?: number;
  /** Seconds since it was started; absent when it does not run. */
  readonly uptimeSeconds?: number;
  /** How often it ended unasked since the platform was started. */
  readonly restarts: number;
  readonly lastDeath?: Death;
  /** In bytes, shared pages counted in proportion. */
  readonly memoryBytes: number;
}

/**
 * Makes runit supervise `services`: what is new is started, what changed is started again, the rest runs on.
 */
export async function supervise(services: readonly Service[]): Promise<void> {
  await mkdir(servicesPath, { recursive: true, mode: 0o700 });
  const changed = [];
  for (const service of services) if (await install(service)) changed.push(service.name);
  await Promise.all(changed.map(restart));
  if (!(await supervisor())) await startSupervisor();
}

/**
 * Waits until every service runs what was last installed and does its work.
 *
 * @param detail hears which services are waited for.
 * @throws Error naming the first that keeps dying or is not ready in `seconds`, with the end of its log.
 */
export async function waitUntilReady(
  services: readonly Service[],
  seconds: number,
  detail: (text: string) => void,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  const before = await Promise.all(services.map(({ name }) => deathsOf(name)));
  for (let waiting = services; ;) {
    const ready = await Promise.all(waiting.map(isReady));
    waiting = waiting.filter((_, index) => !ready[index]);
    if (waiting.length === 0) return;
    detail(`waiting for ${waiting.map(({ name }) => name).join(", ")}`);
    for (const { name } of waiting) {
      const deaths =
        (await deathsOf(name)).length -
        before[services.findIndex((one) => one.name === name)]!.length;
      if (deaths >= HOPELESS) throw await failure(name, `must stay up, it ended ${deaths} times`);
    }
    if (Date.now() > deadline)
      throw await failure(waiting[0]!.name, `must be ready within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whether `service` runs what was last installed and does its work. */
export async function isReady(service: Service): Promise<boolean> {
  const folder = folderOf(service.name);
  if ((await runitStatus(folder))?.state !== "run") return false;
  if ((await readText(join(folder, "applied"))).trim() !== (await readText(join(folder, "digest"))))
    return false;
  return (await service.isReady?.()) ?? true;
}

/** Every service that was ever installed and not removed, by name. */
export async function processStatuses(): Promise<ProcessStatus[]> {
  return Promise.all((await serviceNames()).map(processStatus));
}

/** Whether anything of the supervisor lives: itself, or one of the processes it left behind. */
export async function isSupervising(): Promise<boolean> {
  if (await supervisor()) return true;
  return (await serviceNames()).some((name) => isSupervised(folderOf(name)));
}

/** Ends the named service, its log and its supervision; a process that ignores TERM is killed after `graceSeconds`. */
export async function endService(name: string, graceSeconds: number): Promise<void> {
  const folder = folderOf(name);
  const gone = async (): Promise<true | undefined> => !isSupervised(folder) || undefined;
  if (!control(folder, "x")) return;
  try {
    await waitFor(`end of ${name}`, graceSeconds, gone);
  } catch {
    control(folder, "k");
    await waitFor(`end of ${name}`, 10, gone);
  }
}

/** Runs `work` while the named service is down; it is up again afterwards. */
export async function whileDown<T>(name: string, work: () => Promise<T>): Promise<T> {
  const folder = folderOf(name);
  control(folder, "d");
  try {
    await waitFor(
      `end of ${name}`,
      15,
      async () => (await runitStatus(folder))?.state !== "run" || undefined,
    );
    return await work();
  } finally {
    control(folder, "u");
  }
}

/** Ends the supervisor itself, so that it starts nothing more; its services run on until {@link endService}. */
export async function endSupervisor(): Promise<void> {
  const running = await supervisor();
  if (!running) return;
  process.kill(running.pid, "SIGTERM");
  await waitFor("end of runsvdir", 10, async () => !(await isAlive(running)) || undefined);
}

/** Forgets the services and their deaths; their logs stay. Nothing may be supervised any more. */
export async function forgetServices(): Promise<void> {
  await rm(servicesPath, { recursive: true, force: true });
  await rm(supervisorPath, { force: true });
}

/** Names of the services that are installed. */
export async function serviceNames(): Promise<string[]> {
  const names = await readdir(servicesPath).catch(() => []);
  return names.filter((name) => !name.startsWith(".")).sort();
}

const servicesPath = join(statePath, "services");
const supervisorPath = join(statePath, "supervisor.json");
const folderOf = (name: string): string => join(servicesPath, name);
const logOf = (name: string): string => join(statePath, "logs", name, "current");

/** Writes all that `service` needs; says whether another process than the one that runs must. */
async function install(service: Service): Promise<boolean> {
  const folder = folderOf(service.name);
  const logFolder = dirname(logOf(service.name));
  const binary = await stat(service.command[0]).catch(() => undefined);
  if (!binary)
    throw new Error(`${service.name} must have its program ${service.command[0]}; it is not there`);
  const scripts = scriptsOf(service, {
    program: `${binary.size} ${binary.mtimeMs} ${await sourcesDigest(service.sources ?? [])}`,
    logFolder,
  });
  const applied = (await readText(join(folder, "applied"))).trim();

  for (const path of service.folders ?? []) await mkdir(path, { recursive: true, mode: 0o700 });
  for (const [path, content] of Object.entries(service.files ?? {}))
    await replace(path, content, 0o600);
  await replace(join(logFolder, "config"), scripts.logConfig, 0o600);
  await replace(join(folder, "log/run"), scripts.logRun, 0o700);
  await replace(join(folder, "finish"), scripts.finish, 0o700);
  await replace(join(folder, "digest"), scripts.digest, 0o600);
  // Last, and with a rename: runsvdir may look at any moment.
  await replace(join(folder, "run"), scripts.run, 0o700);

  if (applied === scripts.digest && (await runitStatus(folder))?.state === "run") return false;
  return true;
}

/** Ends the process of the named service, so that its supervisor starts it from what is installed now. */
async function restart(name: string): Promise<void> {
  const folder = folderOf(name);
  if (!control(folder, "u")) return;
  const before = (await runitStatus(folder))?.pid;
  // Read and removed by the finish script: this death is not one to be reported.
  await writeFile(join(folder, "planned"), "");
  control(folder, "t");
  const gone = async (): Promise<true | undefined> =>
    (await runitStatus(folder))?.pid !== before || undefined;
  await waitFor(`end of ${name}`, RESTART_GRACE, gone).catch(() => control(folder, "k"));
}

async function sourcesDigest(folders: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of folders) {
    for (const name of (await readdir(folder, { recursive: true })).sort()) {
      // A folder has no content of its own.
      hash.update(name).update(await readFile(join(folder, name)).catch(() => ""));
    }
  }
  return hash.digest("hex");
}

/** Gives the file at `path` this content and mode, unless it has them; never half written. */
async function replace(path: string, content: string, mode: number): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => undefined)) === content) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.new`;
  await writeFile(fresh, content, { mode });
  await chmod(fresh, mode);
  await rename(fresh, path);
}

async function startSupervisor(): Promise<void> {
  for (const name of await serviceNames())
    await rm(join(folderOf(name), "deaths"), { force: true });
  const child = spawn("runsvdir", ["-P", servicesPath], {
    detached: true,
    stdio: "ignore",
    cwd: "/",
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: process.env.HOME ?? "/root",
    },
  });
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  child.unref();
  const started = await processWith(child.pid!);
  if (!started)
    throw new Error(
      `runsvdir must stay up, it ended at once; see whether ${servicesPath} can be read`,
    );
  await writeFile(supervisorPath, JSON.stringify(started), { mode: 0o600 });
}

async function supervisor(): Promise<ProcessId | undefined> {
  const text = await readText(supervisorPath);
  const recorded = text ? (JSON.parse(text) as ProcessId) : undefined;
  return recorded && (await isAlive(recorded)) ? recorded : undefined;
}

async function processStatus(name: string): Promise<ProcessStatus> {
  const status = await runitStatus(folderOf(name));
  const deaths = await deathsOf(name);
  const running = status?.state === "run";
  return {
    name,
    running,
    ...(running
      ? {
          pid: status.pid,
          uptimeSeconds: Math.max(0, Math.round((Date.now() - status.since) / 1000)),
        }
      : {}),
    restarts: deaths.length,
    ...(deaths.length > 0 ? { lastDeath: deaths.at(-1)! } : {}),
    memoryBytes: running ? await memoryOf(status.pid) : 0,
  };
}

async function deathsOf(name: string): Promise<Death[]> {
  return deathsIn(await readText(join(folderOf(name), "deaths")));
}

async function failure(name: string, rule: string): Promise<Error> {
  const tail = (await readText(logOf(name))).trimEnd().split("\n").slice(-15).join("\n");
  return new Error(`${name} ${rule}; the end of ${logOf(name)}:\n${tail}`);
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
