import { createServer } from "node:net";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npmRun, runProcess } from "./command.ts";
import { configure, kubectl, pulumi, succeeded } from "./stack.ts";

const NAME = "test-bad-input";

/** What a command says when it fails: its one message. */
async function failure(args: string[], environment: Record<string, string> = {}): Promise<string> {
  const run = await npmRun(args[0]!, args.slice(1), environment);
  expect({ args, code: run.code, stderr: run.stderr }).toMatchObject({ code: 1 });
  return run.stderr.slice(run.stderr.indexOf("error: "));
}

afterEach(async () => {
  const namespaces = await kubectl("get", "namespaces", "--output=name");
  expect(namespaces).not.toContain(NAME);
});

test("fails on an unknown option with the usage", async () => {
  expect(await failure(["up", "--stak", "dev"])).toMatch(/'--stak'.*usage: npm run up/);
});

test("fails on a stack without configuration, naming the file", async () => {
  expect(await failure(["up", "--stack", "test-none"])).toContain("Pulumi.test-none.yaml");
});

test("fails on a stack that no program knows, naming the known ones", async () => {
  expect(await failure(["up", "--stack", "staging"])).toContain(
    'stack must be one of dev, test-*, review-*, prod, rehearsal, rehearsal-*, got "staging"',
  );
});

test("fails on a misspelt key, naming it and the nearest known one", async () => {
  const config = configure(NAME, { portBase: 30300, sorces: ["website"] });
  try {
    await pulumi(["stack", "select", "--create", NAME]);
    const run = await pulumi(["preview", "--stack", NAME]);
    expect(run.code).not.toBe(0);
    expect(run.stdout + run.stderr).toMatch(/sorces.*sources/s);
  } finally {
    await pulumi(["stack", "rm", "--yes", "--stack", NAME]);
    config.remove();
  }
});

test("fails on a platform that does not exist, naming what is allowed", async () => {
  const config = configure(NAME, { portBase: 30300, platform: "minikube" });
  try {
    expect(await failure(["up", "--stack", NAME])).toMatch(
      /platform .*local, kubeconfig or gke, got "minikube"/,
    );
  } finally {
    config.remove();
  }
});

test("fails on a broken kubeconfig with its path, and starts nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "marketing-stack-kubeconfig-"));
  const kubeconfig = join(folder, "config");
  writeFileSync(kubeconfig, "this is: [not a kubeconfig");
  const config = configure(NAME, {
    portBase: 30300,
    platform: "kubeconfig",
    kubeconfig,
    registry: "127.0.0.1:17003",
  });
  try {
    await pulumi(["stack", "select", "--create", NAME]);
    const run = await pulumi(["preview", "--stack", NAME]);
    expect(run.code).not.toBe(0);
    expect(run.stdout + run.stderr).toContain(kubeconfig);
  } finally {
    await pulumi(["stack", "rm", "--yes", "--stack", NAME]);
    config.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("fails on a busy port of the stack, naming it", async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(30301, "127.0.0.1", resolve));
  const config = configure(NAME, { portBase: 30300 });
  try {
    expect(await failure(["up", "--stack", NAME])).toMatch(/port 30301/);
  } finally {
    await new Promise((resolve) => holder.close(resolve));
    config.remove();
  }
});

test("fails on an unknown service of logs, naming the known ones", async () => {
  expect(await failure(["logs", "colector"])).toMatch(
    /cms, collector, worker, database, got "colector"/,
  );
});

test("fails on a disk that is too small, naming it, before anything is started", async () => {
  const folder = mkdtempSync(join(tmpdir(), "marketing-stack-disk-"));
  succeeded(await runProcess("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", folder]));
  const config = configure(NAME, { portBase: 30300 });
  try {
    const message = await failure(["up", "--stack", NAME], { XDG_STATE_HOME: folder });
    expect(message).toMatch(/GiB/);
    expect(message).toContain(folder);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    config.remove();
    succeeded(await runProcess("umount", [folder]));
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a user's exported KUBECONFIG is not used by accident", async () => {
  const config = configure(NAME, { portBase: 30300 });
  try {
    await pulumi(["stack", "select", "--create", NAME]);
    process.env.KUBECONFIG = "/nonexistent/kubeconfig";
    const run = await pulumi(["preview", "--stack", NAME]);
    succeeded(run);
  } finally {
    delete process.env.KUBECONFIG;
    await pulumi(["stack", "rm", "--yes", "--stack", NAME]);
    config.remove();
  }
});
