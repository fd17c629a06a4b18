import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import pg from "pg";
import { freePort } from "../local/free-port.ts";

const run = promisify(execFile);

/** What a server proves its identity with, both as PEM. */
export interface Tls {
  readonly certificate: string;
  readonly key: string;
}

/** Where Debian keeps the PostgreSQL servers, one folder per major version. */
const INSTALLED = "/usr/lib/postgresql";

/** A throwaway PostgreSQL server. */
export interface Postgres {
  /** URL of database `postgres` as superuser `postgres`; good for pg and for psql. */
  readonly url: string;

  /** Port on 127.0.0.1 that speaks TLS only, if asked for. */
  readonly tlsPort: number | undefined;

  /** Ends the server at once, as a crash does, runs `whileDown`, and starts it on the same data. */
  restart(whileDown?: () => Promise<void>): Promise<void>;

  /** Lets no process of the server run, as on a machine that hangs, until what it returns is called. */
  freeze(): () => void;

  /** Ends the server at once and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts an empty PostgreSQL of its own on a unix socket, in a folder of its own; ready when returned. With a
 * certificate it also listens on 127.0.0.1, where it asks for passwords and refuses what is not encrypted.
 *
 * Nothing is synced to disk: what it holds survives a killed client, not a power cut. PostgreSQL refuses
 * root, so under root it runs as Debian's user `postgres`.
 *
 * @throws Error if no PostgreSQL server is installed or it does not start.
 */
export async function startPostgres(tls?: Tls): Promise<Postgres> {
  const bin = newestServer();
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const data = join(folder, "data");
  const [command, ...prefix] = await asPostgres(folder);
  const inFolder = { cwd: folder, env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } } as const;

  let output = "";
  let server: ChildProcess | undefined;
  // SIGQUIT is PostgreSQL's immediate shutdown; the postmaster takes its backends with it.
  const end = (): void => void server?.kill("SIGQUIT");
  const halt = async (): Promise<void> => {
    if (server && server.exitCode === null && server.signalCode === null) {
      const exited = once(server, "exit");
      end();
      await exited;
    }
  };
  const stop = async (): Promise<void> => {
    process.off("exit", end);
    await halt();
    rmSync(folder, { recursive: true, force: true });
  };
  const tlsPort = tls && (await freePort());
  // The name of the socket has the port in it.
  const url = `postgresql://postgres@localhost:${tlsPort ?? 5432}/postgres?host=${encodeURIComponent(folder)}`;
  const launch = async (): Promise<void> => {
    const settings = [
      "fsync=off",
      "full_page_writes=off",
      "max_connections=50",
      ...(tlsPort
        ? ["listen_addresses=127.0.0.1", `port=${tlsPort}`, "ssl=on"]
        : ["listen_addresses="]),
    ];
    server = spawn(
      command!,
      [
        ...prefix,
        join(bin, "postgres"),
        "-D",
        data,
        "-k",
        folder,
        ...settings.flatMap((s) => ["-c", s]),
      ],
      { ...inFolder, stdio: ["ignore", "ignore", "pipe"] },
    );
    server.stderr!.on("data", (chunk: Buffer) => (output = (output + chunk).slice(-4_000)));
    await accepting(url, server, () => output);
  };

  try {
    await run(
      command!,
      [
        ...prefix,
        join(bin, "initdb"),
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "--no-sync",
      ].concat(["--encoding=UTF8", "--locale=C"]),
      inFolder,
    );
    if (tls) prepareTls(data, tls);
    process.on("exit", end);
    await launch();
    return {
      url,
      tlsPort,
      restart: async (whileDown) => {
        await halt();
        try {
          await whileDown?.();
        } finally {
          await launch();
        }
      },
      freeze: () => freeze(server!.pid!),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The server's own process comes first, so that no other is started meanwhile. */
function freeze(server: number): () => void {
  process.kill(server, "SIGSTOP");
  const children = readFileSync(`/proc/${server}/task/${server}/children`, "utf8");
  const processes = [...children.split(" ").filter(Boolean).map(Number), server];
  for (const pid of processes) process.kill(pid, "SIGSTOP");
  return () => {
    for (const pid of processes) process.kill(pid, "SIGCONT");
  };
}

/** Names of files are PostgreSQL's own. */
function prepareTls(data: string, tls: Tls): void {
  const { uid, gid } = statSync(data);
  for (const [file, content] of [
    ["server.crt", tls.certificate],
    ["server.key", tls.key],
    ["pg_hba.conf", "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n"],
  ] as const) {
    const path = join(data, file);
    writeFileSync(path, content, { mode: 0o600 });
    chmodSync(path, 0o600);
    chownSync(path, uid, gid);
  }
}

function newestServer(): string {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).map(Number).filter(Boolean) : [];
  if (versions.length === 0) {
    throw new Error(
      `a PostgreSQL server must be installed below ${INSTALLED}, found none; run: apt-get install postgresql-15`,
    );
  }
  return join(INSTALLED, String(Math.max(...versions)), "bin");
}

/**
 * The words before a command that make it run as `postgres`, and end when this process is killed;
 * hands `folder` to that user.
 */
async function asPostgres(folder: string): Promise<string[]> {
  if (process.getuid?.() !== 0) return ["env"];
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, "postgres"])).stdout)),
  );
  chownSync(folder, uid!, gid!);
  return ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--pdeathsig=QUIT"];
}

async function accepting(url: string, server: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      const gone = server.exitCode !== null || server.signalCode !== null;
      if (gone || Date.now() > deadline) {
        throw new Error(`PostgreSQL must accept connections within 30 s, got: ${output()}`, {
          cause: error,
        });
      }
      await new Promise((wake) => setTimeout(wake, 25));
    }
  }
}
