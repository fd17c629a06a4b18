import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { stringify } from "yaml";
import { statePath } from "../../local/paths.ts";
import { readPlatform } from "../../local/platform.ts";
import { clone, npmRun, runProcess, type CommandRun } from "./command.ts";

/** A stack of the tests' own: its name, and what `up` made of it. */
export interface TestStack {
  readonly name: string;
  readonly urls: { cms: string; collector: string; worker: string; monitoring: string };
  readonly database: string;
  readonly kubeconfig: string;
  readonly admin: { readonly email: string; readonly password: string };
  readonly writeKeys: Readonly<Record<string, string>>;
}

/** Writes the configuration of a test stack, for the program in a folder; `remove` takes the file away again. */
export function configure(
  name: string,
  config: Record<string, unknown>,
  folder = clone,
): { remove(): void } {
  const path = join(folder, `Pulumi.${name}.yaml`);
  const keys = Object.entries(config).map(([key, value]) => [`marketing-stack:${key}`, value]);
  writeFileSync(path, stringify({ config: Object.fromEntries(keys) }));
  return { remove: () => rmSync(path, { force: true }) };
}

/**
 * Standard output of a run that has to end well.
 *
 * @throws Error with the end of what it said if it did not.
 */
export function succeeded(run: Pick<CommandRun, "code" | "stdout"> & { stderr?: string }): string {
  if (run.code !== 0) {
    const said = `${run.stdout}\n${run.stderr ?? ""}`.trim().slice(-4000);
    throw new Error(`must end with status 0, got ${run.code}: ${said}`);
  }
  return run.stdout;
}

/** What `npm run status -- --json` and the credentials file say of a running stack. */
export async function describeStack(name: string): Promise<TestStack> {
  const run = await npmRun("status", ["--json", "--stack", name]);
  if (run.code !== 0) throw new Error(`status ended with ${run.code}: ${run.stderr}`);
  const status = JSON.parse(run.stdout);
  const { admin, writeKeys } = JSON.parse(readFileSync(status.credentials, "utf8"));
  return { name, ...status, admin, writeKeys };
}

/** Destroys a stack of the tests' own, from the folder that its program is in, and removes every file of it. */
export async function removeStack(name: string, folder = clone): Promise<void> {
  await pulumi(["destroy", "--yes", "--skip-preview", "--stack", name], folder);
  await pulumi(["stack", "rm", "--yes", "--stack", name], folder);
  for (const kept of ["stacks", "worktrees"]) {
    rmSync(join(statePath, kept, name), { recursive: true, force: true });
  }
  rmSync(join(folder, `Pulumi.${name}.yaml`), { force: true });
}

/** Runs the engine in the clone, or in `cwd`, on a stack. */
export function pulumi(args: readonly string[], cwd = clone): Promise<CommandRun> {
  return runProcess("pulumi", [...args, "--non-interactive", "--color", "never"], { cwd });
}

/** Runs kubectl on the platform's cluster. */
export function kubectl(...args: string[]): Promise<string> {
  return kubectlWith("", ...args);
}

/** Runs kubectl on the platform's cluster with `input` on its standard input. */
export async function kubectlWith(input: string, ...args: string[]): Promise<string> {
  const { kubeconfig } = await readPlatform();
  const run = await runProcess("kubectl", [`--kubeconfig=${kubeconfig}`, ...args], { input });
  if (run.code !== 0)
    throw new Error(`kubectl ${args.join(" ")} ended with ${run.code}: ${run.stderr}`);
  return run.stdout;
}

/** Kills the processes of a pod's only container with SIGKILL, as the kernel would; the pod stays. */
export async function killContainer(namespace: string, pod: string): Promise<void> {
  const id = await kubectl(
    `--namespace=${namespace}`,
    "get",
    "pod",
    pod,
    "--output=jsonpath={.status.containerStatuses[0].containerID}",
  );
  const socket = join(statePath, "run", "containerd.sock");
  const container = id.replace("containerd://", "");
  const kill = ["task", "kill", "--signal=SIGKILL", container];
  const run = await runProcess("ctr", [`--address=${socket}`, "--namespace=k8s.io", ...kill]);
  if (run.code !== 0) throw new Error(`ctr must kill ${container}, got ${run.stderr}`);
}

/** Rows of one query on a stack's database, by the read-only login. */
export async function query<T extends pg.QueryResultRow>(
  database: string,
  text: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}
