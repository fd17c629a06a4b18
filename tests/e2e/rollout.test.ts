import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { statePath } from "../../local/paths.ts";
import { waitFor } from "../../local/wait.ts";
import { readLock } from "../../stacks/release-lock.ts";
import { copyOfClone } from "./changed-clone.ts";
import { runProcess, type CommandRun } from "./command.ts";
import { describeStack, kubectl, pulumi, query, succeeded } from "./stack.ts";
import { startTraffic } from "./traffic.ts";

const BUILT = "test-rolled";
const NAME = "rehearsal-rollout";
const MINUTE = 60_000;

/** Prod's program on this machine, with gates that need a minute and not ten. */
const rehearsed = {
  portBase: 30720,
  previousEnvironment: BUILT,
  collectorReplicas: 2,
  workerReplicas: 2,
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

const configured = (config: object): string =>
  stringify({
    config: Object.fromEntries(
      Object.entries(config).map(([key, value]) => [`marketing-stack:${key}`, value]),
    ),
  });

// A change goes dev → release → promote → prod in steps, under a steady stream of events of the official SDK; then a broken one.
describe("a release rolls out step by step", () => {
  let copy: Awaited<ReturnType<typeof copyOfClone>>;
  let first: string;
  let good: string;
  let broken: string;

  const run = (command: string, args: readonly string[]): Promise<CommandRun> =>
    runProcess(process.execPath, [join(copy.path, "commands/run.js"), command, ...args], {
      cwd: copy.path,
    });

  /** Builds what the copy holds, verifies it, seals it and promotes it. */
  const promoted = async (): Promise<string> => {
    await copy.commit("A change");
    succeeded(await run("up", ["--stack", BUILT, "--take-over"]));
    const sealed = succeeded(await run("release", ["--stack", BUILT]));
    const id = /Release ([0-9a-f]{16}) is sealed/.exec(sealed)![1]!;
    succeeded(await run("promote", [id, NAME]));
    return id;
  };
  const collectors = async (): Promise<string[]> => {
    const images = await kubectl(
      `--namespace=${NAME}`,
      "get",
      "pods",
      "--selector=app.kubernetes.io/name=collector",
      "--output=jsonpath={.items[*].spec.containers[*].image}",
    );
    return [...new Set(images.split(" "))];
  };
  /** Rolls out while events come in, and expects that every one of them is in the database, once. */
  const rollOut = async (name: string): Promise<CommandRun & { problems: readonly string[] }> => {
    const stack = await describeStack(NAME);
    const traffic = startTraffic(stack, name, { reconnects: true });
    const up = await run("up", ["--stack", NAME]).finally(() => traffic.stop());
    const { events } = await traffic.stop();
    await waitFor("every event in PostgreSQL", 60, async () => {
      const [row] = await query<{ count: number }>(
        stack.database,
        "select count(*)::int as count from events.event where name = $1",
        [name],
      );
      return row!.count === events || undefined;
    });
    return { ...up, problems: traffic.problems };
  };

  beforeAll(async () => {
    copy = await copyOfClone();
    writeFileSync(join(copy.path, `Pulumi.${BUILT}.yaml`), configured({ portBase: 30680 }));
    writeFileSync(join(copy.path, `Pulumi.${NAME}.yaml`), configured(rehearsed));
    first = await promoted();
    succeeded(await run("up", ["--stack", NAME]));
  }, 15 * MINUTE);

  afterAll(async () => {
    for (const stack of [NAME, BUILT]) {
      await pulumi(["destroy", "--yes", "--skip-preview", "--stack", stack], copy.path);
      await pulumi(["stack", "rm", "--yes", "--stack", stack], copy.path);
      for (const folder of ["stacks", "worktrees"]) {
        rmSync(join(statePath, folder, stack), { recursive: true, force: true });
      }
    }
    copy.remove();
  }, 10 * MINUTE);

  test(
    "a good one reaches every pod, and no request fails",
    async () => {
      const before = await collectors();
      copy.append("services/collector/main.ts", '\nprocess.title = "collector-next";\n');
      good = await promoted();
      const up = await rollOut("Good");
      succeeded(up);
      expect(up.stderr).toMatch(/✓ gates of step canary.*✓ gates of step end/s);
      expect(up.problems).toEqual([]);
      expect(readLock(NAME, join(copy.path, "releases"))).toMatchObject({
        release: good,
        verified: [first],
      });
      const after = await collectors();
      expect([after.length, after.some((image) => before.includes(image))]).toEqual([1, false]);
    },
    10 * MINUTE,
  );

  test(
    "fails on a broken one at its canary, and the last verified release serves again by itself",
    async () => {
      const before = await collectors();
      copy.replace(
        "services/collector/app.ts",
        "    const { method, path } = request;\n",
        `    const { method, path } = request;
    if (path === "/v1/batch" && Math.random() < 0.3) return json(500, errorBody("broken", "broken"));\n`,
      );
      broken = await promoted();
      const up = await rollOut("Broken");
      expect(up.code).toBe(1);
      expect(up.stderr).toMatch(
        new RegExp(
          `release ${broken} must stand its roll-out, got: gate "the collector answers" of step canary must be at most 0\\.05, got .*; ${NAME} runs release ${good} again`,
        ),
      );
      expect(await collectors()).toEqual(before);
      expect(readLock(NAME, join(copy.path, "releases"))).toMatchObject({
        release: good,
        verified: [first],
      });
    },
    10 * MINUTE,
  );

  test("history tells the story", async () => {
    const { entries } = JSON.parse(
      succeeded(await run("history", ["--stack", NAME, "--json"])),
    ) as { entries: { kind: string; subject: string; occurredAt: string }[] };
    expect(entries.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      `promotion ${first}`,
      `deploy ${first}`,
      `promotion ${good}`,
      "gate canary",
      "gate end",
      `deploy ${good}`,
      `promotion ${broken}`,
      "gate canary",
      `rollback ${good}`,
      `deploy ${broken}`,
      `deploy ${good}`,
    ]);
    const [failed, , , back] = entries.slice(-4).map(({ occurredAt }) => Date.parse(occurredAt));
    process.stderr.write(`serving again ${(back! - failed!) / 1000} s after the gate failed\n`);
  });
});
