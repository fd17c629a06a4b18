import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { statePath } from "../../../local/paths.ts";
import { readPlatform } from "../../../local/platform.ts";
import { clone, npmRun, runProcess } from "../command.ts";
import { configure, describeStack, kubectl, pulumi, removeStack, succeeded } from "../stack.ts";

const NAME = "test-own-cluster";

// The machine's cluster again, but reached as a user reaches a cluster of their own: by a kubeconfig and a registry.
describe("a stack on a cluster of the user's own", () => {
  let folder: string;

  beforeAll(async () => {
    const platform = await readPlatform();
    folder = mkdtempSync(join(tmpdir(), "marketing-stack-own-"));
    copyFileSync(platform.kubeconfig, join(folder, "kubeconfig"));
    configure(NAME, {
      platform: "kubeconfig",
      kubeconfig: join(folder, "kubeconfig"),
      registry: platform.registry,
      nodeImage: platform.baseImages.node,
      postgresImage: platform.baseImages.postgres,
      portBase: 30400,
    });
    // Its campaigns write letters, and there is no inbox.
    succeeded(await pulumi(["stack", "select", "--create", NAME]));
    const server = "smtps://mail.example";
    succeeded(await pulumi(["config", "set", "--secret", "smtpUrl", server, "--stack", NAME]));
  });

  afterAll(async () => {
    await removeStack(NAME);
    rmSync(folder, { recursive: true, force: true });
  });

  test("an up that is killed in the middle is finished by the next one", async () => {
    // Seed of this run: how many resources are done when everything is killed.
    const seed = 1 + Math.floor(Math.random() * 25);
    process.stderr.write(`killed after ${seed} resources\n`);
    await upKilledAfter(seed);
    const again = await npmRun("up", ["--stack", NAME]);
    expect(succeeded(again)).toContain(`Stack ${NAME} is running`);
    succeeded(await pulumi(["preview", "--expect-no-changes", "--stack", NAME]));
    const plugins = await runProcess("pgrep", ["--full", `^${process.env.PULUMI_HOME}/plugins/`]);
    expect(plugins.stdout).toBe("");
    const stack = await describeStack(NAME);
    expect((await fetch(new URL("/healthz/ready", stack.urls.collector))).status).toBe(200);
  });

  test("its pods run in a namespace of the stack's name", async () => {
    const pods = await kubectl(`--namespace=${NAME}`, "get", "pods", "--output=name");
    expect(pods).toMatch(/pod\/cms-.*pod\/collector-0.*pod\/database-0/s);
  });

  test("its status names the kubeconfig of its own", async () => {
    const status = succeeded(await npmRun("status", ["--json", "--stack", NAME]));
    expect(JSON.parse(status)).toMatchObject({ kubeconfig: join(folder, "kubeconfig") });
  });
});

/** Runs `npm run up` and kills it with all that it started once the engine has made `count` resources. */
function upKilledAfter(count: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [join(clone, "commands", "run.js"), "up", "--stack", NAME],
    {
      cwd: clone,
      // A process group of its own, which is killed as a whole.
      detached: true,
      stdio: "ignore",
    },
  );
  const log = join(statePath, "stacks", NAME, "up.log");
  const timer = setInterval(() => {
    const made = existsSync(log) ? readFileSync(log, "utf8").match(/ created \(/g) : undefined;
    if ((made?.length ?? 0) >= count) process.kill(-child.pid!, "SIGKILL");
  }, 50);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      clearInterval(timer);
      if (signal === "SIGKILL") resolve();
      else
        reject(
          new Error(`up must be killed after ${count} resources, it ended by itself with ${code}`),
        );
    });
  });
}
