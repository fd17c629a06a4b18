import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Digest } from "../../commands/digest/digest.ts";
import { copyOfClone } from "./changed-clone.ts";
import { clone, npmRun, runProcess } from "./command.ts";
import { npmRunWithFilesOf } from "./in-place.ts";
import { configure, kubectl, pulumi, removeStack, succeeded } from "./stack.ts";

const NAME = "test-preview";
const PORT = 30510;
const MINUTE = 60_000;
const config = { portBase: PORT, protectData: true, cmsReplicas: 2, workerReplicas: 2 };

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "preview-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

function readDigest(): Digest {
  return JSON.parse(readFileSync(join(out, "digest.json"), "utf8")) as Digest;
}

/** What changes, in short. */
function summary({ changes }: Digest): string[] {
  return changes.map(({ op, name, paths }) => `${op} ${name} ${paths.join(" ")}`.trim()).sort();
}

function replicas(name: string): Promise<string> {
  const path = "--output=jsonpath={.spec.replicas}";
  return kubectl(`--namespace=${NAME}`, "get", "deployment", name, path);
}

// One stack from its first preview on. Each test stands on the ones before it.
describe("previews of a stack", () => {
  beforeAll(() => {
    configure(NAME, config);
  });
  afterAll(async () => {
    const protectedToo = await pulumi(["state", "unprotect", "--all", "--yes", "--stack", NAME]);
    expect(protectedToo.code).toBe(0);
    await removeStack(NAME);
    // What holds data stays when the stack goes.
    await kubectl("delete", "namespace", NAME, "--ignore-not-found");
  });

  test("a stack that was never deployed is previewed against an empty state, and nothing of it is left", async () => {
    const file = join(clone, `Pulumi.${NAME}.yaml`);
    const before = readFileSync(file, "utf8");
    const run = await npmRun("preview", ["--stack", NAME, "--out", out]);
    succeeded(run);
    const digest = readDigest();
    expect(digest.notes).toEqual([
      "Previewed against an empty state, because the stack was never deployed.",
    ]);
    expect(new Set(digest.changes.map(({ op }) => op))).toEqual(new Set(["create"]));
    expect(readFileSync(join(out, "digest.md"), "utf8")).toBe(run.stdout);
    expect(readFileSync(file, "utf8")).toBe(before);
    expect((await pulumi(["stack", "ls", "--json"])).stdout).not.toContain(NAME);
  });

  test(
    "what was previewed is approved and done; a preview after it changes nothing",
    async () => {
      await pulumi(["stack", "select", "--create", NAME]);
      succeeded(await npmRun("preview", ["--stack", NAME, "--out", out]));
      succeeded(await npmRun("up", ["--stack", NAME, "--approved", join(out, "digest.json")]));

      const run = await npmRun("preview", ["--stack", NAME, "--out", out]);
      succeeded(run);
      expect(run.stdout).toContain("Nothing changes");
      expect(summary(readDigest())).toEqual([]);
    },
    20 * MINUTE,
  );

  test("up stops before it touches anything when the change grew since it was approved, and says how", async () => {
    configure(NAME, { ...config, workerReplicas: 3 });
    succeeded(await npmRun("preview", ["--stack", NAME, "--out", out]));
    const worker = `worker:${NAME}/worker`;
    expect(summary(readDigest())).toEqual([`update ${worker} spec.replicas`]);

    configure(NAME, { ...config, workerReplicas: 4, cmsReplicas: 3 });
    const refused = await npmRun("up", ["--stack", NAME, "--approved", join(out, "digest.json")]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      [
        "nothing was changed. Preview again and have that approved:",
        `- kubernetes:apps/v1:Deployment cms:${NAME}/cms: update was not approved`,
        `- kubernetes:apps/v1:Deployment ${worker}: gets other values`,
        "",
      ].join("\n"),
    );
    expect([await replicas("cms"), await replicas("worker")]).toEqual(["2", "2"]);

    configure(NAME, { ...config, workerReplicas: 3 });
    succeeded(await npmRun("up", ["--stack", NAME, "--approved", join(out, "digest.json")]));
    expect(await replicas("worker")).toBe("3");
  });

  test("fails to take a digest of another stack for an approval, before anything is started", async () => {
    succeeded(await npmRun("preview", ["--stack", NAME, "--out", out]));
    const run = await npmRun("up", ["--stack", "dev", "--approved", join(out, "digest.json")]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`got stack "${NAME}"`);
  });

  test("a branch that renames the database is stopped before anything stateful goes", async () => {
    const copy = await copyOfClone([`Pulumi.${NAME}.yaml`]);
    try {
      copy.replace(
        "stacks/platforms/local.ts",
        'new Database("database"',
        'new Database("postgres"',
      );
      const uid = ["get", "statefulset", "database", "--output=jsonpath={.metadata.uid}"];
      const secret = ["get", "secret", "database", "--output=jsonpath={.data}"];
      const before = await kubectl(`--namespace=${NAME}`, ...uid);
      const passwords = await kubectl(`--namespace=${NAME}`, ...secret);

      const preview = await npmRunWithFilesOf(copy.path, "preview", ["--stack", NAME]);
      expect(preview.code).toBe(1);
      const [warning] = preview.stdout.match(/^- \*\*.*$/m)!;
      expect(warning).toBe(
        "- **delete** `kubernetes:apps/v1:StatefulSet` `database`: its pods, and their volumes unless they are kept; it is protected: `up` refuses",
      );

      const up = await npmRunWithFilesOf(copy.path, "up", ["--stack", NAME]);
      expect(up.code).toBe(1);
      expect(up.stderr.split("\n").filter((line) => line.startsWith("error: "))).toEqual([
        expect.stringContaining(
          `stack ${NAME} must keep what is protected, but its program does not declare kubernetes:apps/v1:StatefulSet database any longer; nothing was changed.`,
        ),
      ]);
      expect(await kubectl(`--namespace=${NAME}`, ...uid)).toBe(before);
      expect(await kubectl(`--namespace=${NAME}`, ...secret)).toBe(passwords);
    } finally {
      copy.remove();
    }
  });

  test("fails with a digest of what is wrong with the configuration, which is written too", async () => {
    configure(NAME, { ...config, sources: ["Not A Name"] });
    try {
      const run = await npmRun("preview", ["--stack", NAME, "--out", out]);
      expect(run.code).toBe(1);
      expect(run.stdout).toContain("marketing-stack:sources must be a list of different names");
      expect(readDigest()).toMatchObject({ complete: false, errors: [{}] });
    } finally {
      configure(NAME, config);
    }
  });
});

test("a branch that nobody trusts is previewed by its program alone: no toolchain, no platform, no credentials", async () => {
  const home = mkdtempSync(join(tmpdir(), "preview-home-"));
  try {
    succeeded(
      await runProcess("git", ["clone", "--quiet", "--shared", clone, join(home, "clone")]),
    );
    const fork = join(home, "clone");
    symlinkSync(join(clone, "node_modules"), join(fork, "node_modules"));
    succeeded(
      await runProcess(
        "sed",
        [
          "-i",
          "s/replicas: {{ $track.replicas }}/replicas: 9/",
          "charts/worker/templates/deployment.yaml",
        ],
        { cwd: fork },
      ),
    );
    succeeded(
      await runProcess(
        "sed",
        ["-i", 's/? "Marketing stack" :/? "Fork" :/', "infra/alert-policies.ts"],
        { cwd: fork },
      ),
    );
    const empty = join(home, "empty");
    const run = await runProcess(
      "env",
      [
        "-i",
        "PATH=/usr/bin:/bin",
        `HOME=${empty}`,
        process.execPath,
        // Not by run.js, which would install what the last commit asks for.
        join(fork, "commands", "preview.ts"),
        "--mocks",
        "--stack",
        "dev",
        "--base",
        "HEAD",
        "--out",
        out,
      ],
      { cwd: fork },
    );
    succeeded(run);
    expect(readDigest()).toMatchObject({ tier: "mocks", complete: true });
    expect(summary(readDigest())).toEqual([
      "update or replace alerts displayName",
      'update or replace worker chart.files["templates/deployment.yaml"]',
    ]);
    const left = await runProcess("git", ["worktree", "list"], { cwd: fork });
    expect(left.stdout.trim().split("\n")).toHaveLength(1);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("prod is previewed offline, against an empty state", async () => {
  const file = join(clone, "Pulumi.prod.yaml");
  const before = readFileSync(file, "utf8");
  const run = await npmRun("preview", ["--stack", "prod", "--out", out]);
  succeeded(run);
  const digest = readDigest();
  expect(digest.notes).toEqual([
    "Previewed offline against an empty state, because no backend is set (PULUMI_BACKEND_URL).",
    "Nothing was promoted here yet: this is the platform alone, its services come with the first release.",
  ]);
  const kinds = new Set(digest.changes.map(({ type }) => type));
  expect(kinds).toContain("gcp:container/cluster:Cluster");
  expect(kinds).toContain("gcp:storage/bucket:Bucket");
  expect(readFileSync(file, "utf8")).toBe(before);
});
