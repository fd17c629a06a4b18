import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { dumpScript } from "../commands/backups/dump-script.ts";
import { databaseStart, databaseVolume } from "../infra/database-start.ts";
import { waitFor } from "../local/wait.ts";

/** A major version of PostgreSQL that the tests have: Debian's, and one from PyPI. */
export type Major = 15 | 18;

/** The database's container without a container: its scripts, run on a volume that is a folder. */
export interface PostgresOnVolume {
  /** URL of `database` as a login, over the server's socket. */
  url(login: string, database: string): string;
  /** Runs the container's start script until the server accepts connections; fails with what it says if it ends instead. */
  start(major: Major): Promise<void>;
  /** Runs it, and kills all of it with SIGKILL while a dump is being loaded and `meanwhile` is done. */
  killedWhileLoading(major: Major, meanwhile?: () => Promise<void>): Promise<void>;
  /** Runs it, and kills it with SIGKILL before one of its commands, as it is written there without `'`; no server may run then. */
  killedBefore(major: Major, command: string): Promise<void>;
  /** Ends the server as its pod's end does. */
  stop(): Promise<void>;
  /** Runs the script of a backup in the running container; the dump. */
  dump(options: { hold: boolean }): Promise<string>;
  /** Runs a script in the running container, on `input`; what it prints. Fails with what it says. */
  exec(script: string, input?: string): Promise<string>;
  /** Rows of one statement as the administrator. */
  rows(database: string, sql: string): Promise<Record<string, unknown>[]>;
  has(file: string): boolean;
  /** Writes a file onto the volume. */
  put(file: string, text: string): void;
  remove(): Promise<void>;
}

/** Makes an empty volume, and the programs of the versions that it is for where containers have them. */
export async function postgresOnVolume(
  majors: readonly Major[] = [15, 18],
): Promise<PostgresOnVolume> {
  const folder = mkdtempSync(join(tmpdir(), "postgres-volume-"));
  const volume = join(folder, "volume");
  const socket = join(folder, "socket");
  for (const path of [volume, socket]) mkdirSync(path);
  for (const major of majors) await makePrograms(folder, major);
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) =>
      Number((await promisify(execFile)("id", [flag, "postgres"])).stdout),
    ),
  );
  for (const path of [folder, volume, socket]) chownSync(path, uid!, gid!);
  const environment = { POSTGRES_PASSWORD: "administrator", PGHOST: socket, LC_ALL: "C.UTF-8" };
  const here = (script: string, major: Major): string =>
    script
      .replaceAll("/usr/lib/postgresql/*/bin", programsOf(folder, major))
      .replaceAll(databaseVolume, volume)
      .replaceAll("listen_addresses='*'", "listen_addresses=")
      .replaceAll(
        "-c listen_addresses=",
        `-c unix_socket_directories=${socket} -c fsync=off -c listen_addresses=`,
      );
  const run = (script: string): ChildProcess =>
    spawn(
      "setpriv",
      [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "bash", "-euc", script],
      { cwd: folder, detached: true, env: { ...environment, PATH: "/usr/bin:/bin" } },
    );
  const url = (login: string, database: string): string =>
    `postgresql://${login}@localhost:5432/${database}?host=${encodeURIComponent(socket)}`;
  const rows = async (database: string, sql: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: url("postgres", database) });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  let running: ChildProcess | undefined;
  let version: Major = 15;
  const begin = (
    major: Major,
    changed: (script: string) => string = (script) => script,
  ): { child: ChildProcess; said: () => string } => {
    const child = run(changed(here(databaseStart, major)));
    let text = "";
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding("utf8").on("data", (part: string) => (text += part));
    }
    return { child, said: () => text };
  };
  const stop = async (): Promise<void> => {
    if (!running || running.exitCode !== null) return;
    const ended = once(running, "exit");
    // The image's stop signal.
    running.kill("SIGINT");
    await ended;
    running = undefined;
  };
  /** Kills the server that loads a dump, as the end of its container does. */
  const killLoading = async (major: Major): Promise<void> => {
    const pidFile = join(
      volume,
      `${major === 15 ? "pgdata" : `pgdata-${major}`}.new`,
      "postmaster.pid",
    );
    if (!existsSync(pidFile)) return;
    const loading = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
    const children = readFileSync(`/proc/${loading}/task/${loading}/children`, "utf8");
    for (const pid of [loading, ...children.split(" ").filter(Boolean).map(Number)]) {
      process.kill(pid, "SIGKILL");
    }
    await waitFor("the end of the server", 30, async () => !existsSync(`/proc/${loading}`));
  };
  const ended = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  };
  const exec = async (script: string, input = ""): Promise<string> => {
    const child = run(
      here(script, version)
        .replaceAll("/proc/1/", `/proc/${running!.pid}/`)
        .replaceAll("kill -INT 1", `kill -INT ${running!.pid}`),
    );
    const output: string[] = [];
    const errors: string[] = [];
    child.stdout!.setEncoding("utf8").on("data", (part: string) => output.push(part));
    child.stderr!.setEncoding("utf8").on("data", (part: string) => errors.push(part));
    // Who ends before all is read says itself why.
    child.stdin!.on("error", () => undefined).end(input);
    const [code] = (await once(child, "close")) as [number];
    if (code !== 0) throw new Error(errors.join(""));
    return output.join("");
  };
  return {
    url,
    async start(major) {
      const { child, said } = begin(major);
      await waitFor(`PostgreSQL ${major}`, 120, async () => {
        if (child.exitCode !== null) return "ended" as const;
        const [settings] = await rows("postgres", "select current_setting('shared_buffers') as is");
        // While a dump is loaded the server has other settings.
        return settings?.is === "64MB" ? ("serves" as const) : undefined;
      });
      if (child.exitCode !== null) {
        await killLoading(major);
        throw new Error(said());
      }
      running = child;
      version = major;
    },
    async killedWhileLoading(major, meanwhile) {
      // What is loaded waits at its end, so that the kill is never too late.
      const { child } = begin(major, (script) =>
        script.replace('--file="$dump"', '--file="$dump" --command="select pg_sleep(600)"'),
      );
      running = child;
      await waitFor("the dump being loaded", 120, async () => {
        const asleep = "select 1 from pg_stat_activity where wait_event = 'PgSleep'";
        return (await rows("postgres", asleep)).length > 0;
      });
      try {
        await meanwhile?.();
      } finally {
        // A killed container takes all of its processes with it.
        process.kill(-child.pid!, "SIGKILL");
        await killLoading(major);
        await ended(child);
        running = undefined;
      }
    },
    async killedBefore(major, command) {
      const { child, said } = begin(
        major,
        (script) =>
          `before='${here(command, major)}'\ntrap '[ "$BASH_COMMAND" != "$before" ] || kill -KILL $$' DEBUG\n${script}`,
      );
      await ended(child);
      if (child.signalCode !== "SIGKILL") throw new Error(said());
    },
    stop,
    dump: ({ hold }) => exec(dumpScript({ hold })),
    exec,
    rows,
    has: (file) => existsSync(join(volume, file)),
    put(file, text) {
      writeFileSync(join(volume, file), text);
      chownSync(join(volume, file), uid!, gid!);
    },
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Pattern of a version's programs, in the form of a container's: nothing but the version's number tells where they are. */
function programsOf(folder: string, major: Major): string {
  return join(folder, `server-${major}`, "*", "bin");
}

async function makePrograms(folder: string, major: Major): Promise<void> {
  const parent = join(folder, `server-${major}`, String(major));
  mkdirSync(parent, { recursive: true });
  if (major === 15) symlinkSync("/usr/lib/postgresql/15/bin", join(parent, "bin"));
  else {
    const found = process.env.PYTHONPATH!;
    // A copy, because the login that runs it may not look into the folders of whoever installed it.
    cpSync(join(found, "embedded_postgres", "pginstall"), parent, { recursive: true });
    cpSync(join(found, "embedded_postgres.libs"), join(folder, "embedded_postgres.libs"), {
      recursive: true,
    });
  }
  // The login that runs them is another one, whatever this process's umask is.
  await promisify(execFile)("chmod", ["--recursive", "a+rX", folder]);
}
