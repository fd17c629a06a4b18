import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { statePath } from "../../local/paths.ts";
import { readPlatform } from "../../local/platform.ts";
import { waitFor } from "../../local/wait.ts";
import { clone, npmRun, runProcess } from "./command.ts";
import { bringUpPlainStack, PLAIN_STACK } from "./plain-stack.ts";
import { configure, succeeded } from "./stack.ts";

const MINUTE = 60_000;
const state = join(
  statePath,
  "pulumi",
  ".pulumi",
  "stacks",
  "marketing-stack",
  `${PLAIN_STACK}.json`,
);

const locks = join(statePath, "pulumi/.pulumi/locks/organization/marketing-stack", PLAIN_STACK);

/** What `up` says last when it fails: its one message. */
async function failedUp(
  stack = PLAIN_STACK,
  environment: Record<string, string> = {},
): Promise<string> {
  const run = await npmRun("up", ["--stack", stack], environment);
  expect([run.code, run.stdout]).toEqual([1, ""]);
  expect(run.stderr.match(/^error: /gm)).toHaveLength(1);
  return run.stderr.slice(run.stderr.indexOf("error: "));
}

async function workingUp(): Promise<string> {
  return succeeded(await npmRun("up", ["--stack", PLAIN_STACK]));
}

beforeAll(bringUpPlainStack, 10 * MINUTE);

test.each([
  ["corrupt", (): void => writeFileSync(state, readFileSync(state, "utf8").slice(0, 1000))],
  ["missing", (): void => rmSync(state)],
])("fails on a %s state, and the printed command brings it back", async (found, spoil) => {
  spoil();
  const message = await failedUp();
  expect(message).toContain(`must be whole, found ${state} ${found}; nothing was changed`);
  const [, from, to] = /: cp '(.+?)' '(.+?)', then/.exec(message)!;
  copyFileSync(from!, to!);
  expect(await workingUp()).toContain(`Stack ${PLAIN_STACK} is running`);
});

/** Leaves the lock that an engine leaves which ended without a word. */
function leaveLock(pid: number, machine: string): void {
  mkdirSync(locks, { recursive: true });
  const lock = { pid, username: "root", hostname: machine, timestamp: new Date().toISOString() };
  writeFileSync(join(locks, "left-behind.json"), JSON.stringify(lock));
}

test("a stale lock of this machine is taken away", async () => {
  const dead = spawnSync("true").pid;
  leaveLock(dead, hostname());
  expect(await workingUp()).toContain(`Stack ${PLAIN_STACK} is running`);
  expect(readdirSync(locks)).toEqual([]);
});

test("fails on a lock of another machine, and the printed command takes it away", async () => {
  leaveLock(1, "elsewhere");
  const message = await failedUp();
  expect(message).toMatch(/is being changed by process 1 of root@elsewhere since .+; wait until/);
  const [, cancel] = /if that machine is gone: npm run pulumi -- (.+)$/m.exec(message)!;
  succeeded(await npmRun("pulumi", cancel!.split(" ")));
  expect(await workingUp()).toContain(`Stack ${PLAIN_STACK} is running`);
});

test("fails while another up works on the stack, naming its process", async () => {
  const first = spawn(
    process.execPath,
    [join(clone, "commands/run.js"), "up", "--stack", PLAIN_STACK],
    {
      cwd: clone,
      stdio: "ignore",
    },
  );
  const ended = new Promise((resolve) => first.on("exit", resolve));
  await waitFor("the lock of the first", 60, async () =>
    existsSync(locks) && readdirSync(locks).some((name) => name.endsWith(".json"))
      ? true
      : undefined,
  );
  expect(await failedUp()).toMatch(
    new RegExp(
      `stack ${PLAIN_STACK} is being changed by process \\d+ of .+; wait until it has ended`,
    ),
  );
  expect(await ended).toBe(0);
});

test("fails where a provider is killed midway, and the next up goes on", async () => {
  const path = join(clone, `Pulumi.${PLAIN_STACK}.yaml`);
  const content = parse(readFileSync(path, "utf8")) as { config: Record<string, unknown> };
  content.config["marketing-stack:workerReplicas"] = 2;
  writeFileSync(path, stringify(content));
  const log = join(statePath, "stacks", PLAIN_STACK, "up.log");
  rmSync(log, { force: true });
  const failing = failedUp();
  await waitFor("the roll-out of the worker", 120, async () =>
    existsSync(log) && /worker.*updating/.test(readFileSync(log, "utf8")) ? true : undefined,
  );
  const [lock] = readdirSync(locks).filter((name) => name.endsWith(".json"));
  const { pid } = JSON.parse(readFileSync(join(locks, lock!), "utf8")) as { pid: number };
  const plugin = `^${process.env.PULUMI_HOME}/plugins/resource-kubernetes-`;
  const kill = ["--signal", "KILL", "--parent", String(pid), "--full", plugin];
  succeeded(await runProcess("pkill", kill));
  expect(await failing).toContain(
    "a provider ended in the middle of its work; nothing is lost: run the same command again",
  );
  expect(await workingUp()).toContain(`Stack ${PLAIN_STACK} is running`);
});

describe("on a cluster and a backend of the user's own", () => {
  const OWN = "test-states-own";
  let folder: string;
  let own: { remove(): void };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "own-"));
    const platform = await readPlatform();
    const kubeconfig = parse(readFileSync(platform.kubeconfig, "utf8")) as {
      users: { user: unknown }[];
    };
    kubeconfig.users[0]!.user = { token: "expired" };
    writeFileSync(join(folder, "kubeconfig"), stringify(kubeconfig));
    own = configure(OWN, {
      portBase: 30550,
      platform: "kubeconfig",
      kubeconfig: join(folder, "kubeconfig"),
      registry: platform.registry,
      nodeImage: platform.baseImages.node,
      postgresImage: platform.baseImages.postgres,
    });
  });
  afterAll(() => {
    own.remove();
    rmSync(join(statePath, "stacks", OWN), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = (passphrase: string): Record<string, string> => ({
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
  });

  test("fails on a login that the cluster refuses, with what to renew", async () => {
    expect(await failedUp(OWN, environment("right"))).toContain(
      "the cluster refuses the kubeconfig's user, or its certificate has expired",
    );
  });

  test("fails on a wrong passphrase, with the variable that holds it", async () => {
    expect(await failedUp(OWN, environment("wrong"))).toContain(
      "the passphrase must be the one that the stack was made with: export PULUMI_CONFIG_PASSPHRASE",
    );
  });
});
