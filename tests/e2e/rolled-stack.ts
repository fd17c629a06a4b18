import { waitFor } from "../../local/wait.ts";
import { copyOfClone } from "./changed-clone.ts";
import type { CommandRun } from "./command.ts";
import { npmRunWithFilesOf } from "./in-place.ts";
import { configure, describeStack, kubectl, query, removeStack, succeeded } from "./stack.ts";
import { startTraffic } from "./traffic.ts";

/** A stack that builds releases, and prod's program on this machine, which rolls them out in steps; both of one copy of the clone. */
export interface RolledStack {
  readonly name: string;
  /** Name of the stack that builds. */
  readonly built: string;
  readonly copy: Awaited<ReturnType<typeof copyOfClone>>;
  /** Runs an npm command in the copy. */
  run(command: string, args: readonly string[]): Promise<CommandRun>;
  /** Builds what the copy holds, verifies it and seals it; the release's id. */
  sealed(): Promise<string>;
  /** Promotes it as well. */
  promoted(): Promise<string>;
  /** Runs `change` while events called `event` come in; its result, and what was not answered well. Every event must be stored, once. */
  underTraffic<T>(
    event: string,
    change: () => Promise<T>,
  ): Promise<T & { problems: readonly string[] }>;
  /** Images of the collector's pods, each once. */
  collectors(): Promise<string[]>;
  /** Destroys both stacks and removes the copy. */
  remove(): Promise<void>;
}

/** Prod's gates as a test can wait for them: they need seconds and not ten minutes. */
const gates = {
  gateSoakSeconds: 10,
  gateBudgetSeconds: 120,
  gates: [
    {
      name: "the collector answers",
      service: "collector",
      query:
        '(sum(rate(http_server_requests_total{namespace="$namespace",job="collector",version="$version",code=~"5.."}[30s])) or vector(0)) / sum(rate(http_server_requests_total{namespace="$namespace",job="collector",version="$version"}[30s]))',
      most: 0.05,
      samples:
        'sum(increase(http_server_requests_total{namespace="$namespace",job="collector",version="$version"}[30s]))',
      leastSamples: 20,
    },
    {
      name: "no queue waits",
      service: "worker",
      query: 'max(queue_oldest_message_age_seconds{namespace="$namespace",version="$version"})',
      most: 60,
    },
  ],
};

/** Configures both stacks in a copy of the clone; nothing is deployed yet. */
export async function rolledStack(
  built: { readonly name: string; readonly portBase: number },
  rolled: { readonly name: string; readonly portBase: number },
): Promise<RolledStack> {
  const copy = await copyOfClone();
  const { name } = rolled;
  configure(built.name, { portBase: built.portBase }, copy.path);
  const config = {
    portBase: rolled.portBase,
    previousEnvironment: built.name,
    collectorReplicas: 2,
    workerReplicas: 2,
    ...gates,
  };
  configure(name, config, copy.path);
  const run = (command: string, args: readonly string[]): Promise<CommandRun> =>
    npmRunWithFilesOf(copy.path, command, args);
  const sealed = async (): Promise<string> => {
    await copy.commit("A change");
    succeeded(await run("up", ["--stack", built.name]));
    const said = succeeded(await run("release", ["--stack", built.name]));
    return /Release ([0-9a-f]{16}) is sealed/.exec(said)![1]!;
  };
  return {
    name,
    built: built.name,
    copy,
    run,
    sealed,
    promoted: async () => {
      const id = await sealed();
      succeeded(await run("promote", [id, name]));
      return id;
    },
    underTraffic: async (event, change) => {
      const stack = await describeStack(name);
      const traffic = startTraffic(stack, event, { reconnects: true });
      const result = await change().finally(() => traffic.stop());
      const { events } = await traffic.stop();
      await waitFor("every event in PostgreSQL", 60, async () => {
        const [row] = await query<{ count: number }>(
          stack.database,
          "select count(*)::int as count from events.event where name = $1",
          [event],
        );
        return row!.count === events || undefined;
      });
      return { ...result, problems: traffic.problems };
    },
    collectors: async () => {
      const images = await kubectl(
        `--namespace=${name}`,
        "get",
        "pods",
        "--selector=app.kubernetes.io/name=collector",
        "--output=jsonpath={.items[*].spec.containers[*].image}",
      );
      return [...new Set(images.split(" "))];
    },
    remove: async () => {
      for (const stack of [name, built.name]) await removeStack(stack, copy.path);
      copy.remove();
    },
  };
}
