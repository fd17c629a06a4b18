import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Digest } from "../../commands/digest/digest.ts";
import { npmRun, type CommandRun } from "./command.ts";
import { bringUpPlainStack, PLAIN_STACK } from "./plain-stack.ts";
import { configure, kubectl, succeeded } from "./stack.ts";

const MINUTE = 60_000;

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "drift-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

function drift(): Promise<CommandRun> {
  return npmRun("drift", ["--stack", PLAIN_STACK, "--out", out]);
}

function readDigest(): Digest {
  return JSON.parse(readFileSync(join(out, "digest.json"), "utf8")) as Digest;
}

function inNamespace(...args: string[]): Promise<string> {
  return kubectl(`--namespace=${PLAIN_STACK}`, ...args);
}

// One stack that somebody changes by hand. Each test stands on the ones before it.
describe("drift of a stack", () => {
  beforeAll(bringUpPlainStack, 20 * MINUTE);

  test("there is none after up, and exit code 0", async () => {
    const run = await drift();
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("Nothing was changed by hand");
    expect(readDigest()).toMatchObject({ about: "drift", complete: true, changes: [] });
  });

  test("a kubectl edit is reported with its property, exit code 2, and left as it is", async () => {
    const names = "--output=jsonpath={.spec.template.spec.containers[0].env[*].name}";
    const variables = (await inNamespace("get", "deployment", "worker", names)).split(" ");
    // What `kubectl edit` does with an editor.
    await inNamespace("set", "env", "deployment/worker", "CMS_URL=http://elsewhere:1337");
    await inNamespace("scale", "deployment/cms", "--replicas=2");
    await inNamespace("delete", "service", "collector");
    const run = await drift();
    expect(run.code).toBe(2);
    expect(readFileSync(join(out, "digest.md"), "utf8")).toBe(run.stdout);
    expect(readDigest().changes.map(({ op, name, paths }) => ({ op, name, paths }))).toEqual([
      { op: "update", name: `cms:${PLAIN_STACK}/cms`, paths: ["spec.replicas"] },
      { op: "delete", name: `collector:${PLAIN_STACK}/collector`, paths: [] },
      {
        op: "update",
        name: `worker:${PLAIN_STACK}/worker`,
        paths: [
          `spec.template.spec.containers[0].env[${String(variables.indexOf("CMS_URL"))}].value`,
        ],
      },
    ]);
    expect((await drift()).code).toBe(2);
  });

  test(
    "up repairs it, and a preview before says so",
    async () => {
      const preview = await npmRun("preview", ["--stack", PLAIN_STACK]);
      succeeded(preview);
      expect(preview.stdout).toContain("In all: 1 create, 2 update,");
      succeeded(await npmRun("up", ["--stack", PLAIN_STACK]));
      expect((await drift()).code).toBe(0);
      const replicas = "--output=jsonpath={.spec.replicas}";
      expect(await inNamespace("get", "deployment", "cms", replicas)).toBe("1");
    },
    10 * MINUTE,
  );
});

test("fails on a stack that was never deployed, with exit code 1 and a digest that says so", async () => {
  const configured = configure("test-nothing", { portBase: 30530 });
  try {
    const run = await npmRun("drift", ["--stack", "test-nothing", "--out", out]);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("no stack named 'test-nothing' found");
    expect(readDigest()).toMatchObject({ complete: false });
  } finally {
    configured.remove();
  }
});
