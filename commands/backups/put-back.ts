import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { databaseVolume, keepBefore, restoredDump } from "../../infra/database-start.ts";
import type { Progress } from "../../local/progress.ts";
import { waitFor } from "../../local/wait.ts";
import { notedErasures, notedErasuresPath } from "../erase/noted.ts";
import { knownErasuresSql, withKnown } from "./known-erasures.ts";
import { restorable, restorableEnd, restoredNameSql } from "./restorable.ts";
import { freshJob, type Job } from "./schema-job.ts";

/** Which backup is put back, and where. */
export interface PutBack {
  readonly stack: string;
  readonly kubeconfig: string;
  /** Environment of kubectl. */
  readonly environment: Readonly<Record<string, string>>;
  /** File of the backup; beside it, who was erased since. */
  readonly path: string;
  /** Folder of the backup. */
  readonly backups: string;
  readonly progress: Progress;
}

/** How long a server that was told to end, and a Job, may take, in seconds. */
const PATIENCE = 600;
/** How long loading may take, in seconds, as in the database's start script. */
const LOADING = 86_400;

/**
 * Puts a backup back into the database of a stack that runs in a cluster; erases again who was erased since, and only then lets
 * somebody in. Killed at any point, the stack goes on with what it had, or has what was put back: doing it again finishes it. What the
 * stack had stays set aside then. Of two at once, one fails.
 *
 * @returns how many erasures are known, from beside the backup and from the database.
 * @throws Error with what the container said; the database goes on with what it had then.
 */
export async function putBack(args: PutBack): Promise<number> {
  const { stack, path, backups, progress } = args;
  const kubectl = kubectlOf(args);
  const run = randomUUID();
  const inDatabase = (script: string): Promise<string> =>
    kubectl(["exec", "database-0", "--", "bash", "-euc", script]);
  const restarts = async (): Promise<number> =>
    Number(
      await kubectl([
        ...["get", "pod", "database-0"],
        "--output=jsonpath={.status.containerStatuses[0].restartCount}",
      ]),
    );

  // After it has ended some times, Kubernetes waits minutes before it starts it again.
  await progress.step("database has started", () =>
    waitFor("the database to have started", PATIENCE, () => inDatabase(started).then(() => true)),
  );
  const noted = await notedErasures(backups);
  // Of a database that does not answer, what was noted has to do.
  const known = await inDatabase(tellErasures).catch(() => "");
  const erasures = withKnown(noted, known.split("\n").filter(Boolean));
  await progress.step("backup on the database's volume", async () => {
    await kubectl(
      ["exec", "--stdin", "database-0", "--", "bash", "-euc", receive(run)],
      restorable(path, erasures, run),
    );
  });
  if ((await notedErasures(backups)).length !== noted.length) {
    throw new Error(
      `nobody must be erased while a backup is put back, got a longer ${notedErasuresPath(backups)}; run it again`,
    );
  }
  await progress.step("loading it, and erasing again", async () => {
    const before = await restarts();
    // The server takes the connection with it that told it to end.
    const failure = await inDatabase(begin(run)).then(
      () => undefined,
      (error: Error) => error,
    );
    await waitFor("a new start of the database", PATIENCE, async () =>
      (await restarts()) > before ? true : undefined,
    ).catch((error: Error) => {
      throw failure ?? error;
    });
    const name = await waitFor("the backup in the database", LOADING, async () => {
      const isRefused = (await restarts()) > before + 1;
      return inDatabase(served).catch((error: Error) => {
        // The start script of an older release goes on trying.
        if (isRefused) return "none";
        throw error;
      });
    });
    if (name.trim() === run) return;
    const said = await kubectl(["logs", "database-0", "--previous", "--tail=20"]);
    await waitFor("an end of loading", PATIENCE, async () => {
      await inDatabase(`rm -f ${restoredDump}`);
      return true;
    });
    throw new Error(
      `the database of ${stack} must load ${path}, got: ${said.trim()}; it goes on with what it had`,
    );
  });
  await progress.step("schema, and passwords of logins", async () => {
    const { items } = JSON.parse(
      await kubectl([
        ...["get", "jobs", "--selector=app.kubernetes.io/name=database-schema"],
        "--output=json",
      ]),
    ) as { items: Job[] };
    const job = freshJob(items, stack);
    await kubectl(
      ["replace", "--force", "--field-manager=marketing-stack", "--filename=-"],
      [JSON.stringify(job)],
    );
    await kubectl([
      ...["wait", "--for=condition=complete", `job/${job.metadata.name}`],
      `--timeout=${PATIENCE}s`,
    ]);
  });
  return erasures.length;
}

/** Fails while the start script works, perhaps on a backup. */
const started = '[ "$(cat /proc/1/comm)" = postgres ]';

const tellErasures = `exec psql --no-psqlrc --username=postgres --dbname=marketing --tuples-only --no-align \\
  --command="${knownErasuresSql}"
`;

/** Takes in what {@link restorable} makes; what a killed run sent before goes. */
export function receive(run: string): string {
  const received = receivedOf(run);
  return `if ! ${started}; then
  echo "the database must have started before a backup is put back, got one that is starting, perhaps on a backup; wait for it and run it again" >&2
  exit 1
fi
rm -f ${receivedOf("*")}
cat >${received}
if [ "$(tail -n 1 ${received})" != "${restorableEnd}" ]; then
  echo "the backup must arrive whole, got $(stat -c %s ${received}) bytes; run it again" >&2
  exit 1
fi
sync ${received}
`;
}

/**
 * Ends the server, whose next start loads what was received. Data that no login leads to are what a restore before has put there: they
 * do not take the place of what that one has set aside.
 */
// In one script: a file to load that lay there while the server goes on would undo what it stores until its next start.
export function begin(run: string): string {
  return `closed=$(${psql} --command="${isClosedSql}" || true)
mv ${receivedOf(run)} ${restoredDump}
if [ "$closed" = t ]; then touch ${keepBefore}; else rm -f ${keepBefore}; fi
kill -INT 1
`;
}

const psql =
  "/usr/lib/postgresql/*/bin/psql --no-psqlrc --username=postgres --dbname=postgres --tuples-only --no-align";

const isClosedSql = `SELECT NOT EXISTS (
  SELECT FROM pg_authid WHERE rolname <> 'postgres' AND rolcanlogin AND rolpassword IS NOT NULL)`;

/** What was restored last, once everybody can connect. */
const served = `[ ! -e ${restoredDump} ]
/usr/lib/postgresql/*/bin/pg_isready --quiet --host=127.0.0.1
exec ${psql} --command="${restoredNameSql}"
`;

function receivedOf(run: string): string {
  return `${databaseVolume}/backup-${run}.new`;
}

/** Runs kubectl in the stack's namespace; what it prints. */
function kubectlOf({
  stack,
  kubeconfig,
  environment,
}: PutBack): (
  args: readonly string[],
  input?: Iterable<string> | AsyncIterable<Buffer>,
) => Promise<string> {
  return async (args, input = []) => {
    const where = [`--kubeconfig=${kubeconfig}`, `--namespace=${stack}`];
    const running = promisify(execFile)("kubectl", [...where, ...args], {
      env: { ...process.env, ...environment },
      maxBuffer: 2 ** 24,
    });
    const ended = running.catch((error: Error & { stderr?: string }) => {
      throw new Error(`kubectl ${args[0]} must succeed, got: ${error.stderr?.trim()}`, {
        cause: error,
      });
    });
    const given = pipeline(Readable.from(input), running.child.stdin!).catch((error: Error) => {
      // Who ends before all is read says itself why.
      if ("code" in error && error.code === "EPIPE") return;
      running.child.kill();
      throw error;
    });
    const [result] = await Promise.allSettled([ended, given]).then(([end, input]) => {
      if (input.status === "rejected") throw input.reason;
      if (end.status === "rejected") throw end.reason;
      return [end.value];
    });
    return result!.stdout;
  };
}
