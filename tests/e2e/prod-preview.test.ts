import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Digest } from "../../commands/digest/digest.ts";
import { canonicalJson } from "../../stacks/canonical-json.ts";
import { lockText, promotedLock } from "../../stacks/release-lock.ts";
import { releaseId } from "../../stacks/releases.ts";
import { release } from "../stacks/prod-program.ts";
import { copyOfClone } from "./changed-clone.ts";
import { runProcess } from "./command.ts";

let copy: Awaited<ReturnType<typeof copyOfClone>>;
beforeAll(async () => {
  copy = await copyOfClone();
});
afterAll(() => copy.remove());

/** The digest of `npm run preview -- --stack prod` in the copy, on a machine without an account. */
async function previewProd(): Promise<Digest> {
  const out = join(copy.path, "preview");
  rmSync(out, { recursive: true, force: true });
  const args = [join(copy.path, "commands/run.js"), "preview", "--stack", "prod", "--out", out];
  const run = await runProcess(process.execPath, args, {
    cwd: copy.path,
    environment: { PULUMI_BACKEND_URL: "" },
  });
  expect([run.code, run.code === 0 ? "" : run.stdout + run.stderr]).toEqual([0, ""]);
  return JSON.parse(readFileSync(join(out, "digest.json"), "utf8")) as Digest;
}

const kindsOf = ({ changes }: Digest): string[] =>
  [...new Set(changes.map(({ type }) => type))].sort();

test("before a release, prod previews as its platform on Google Cloud", async () => {
  const digest = await previewProd();
  expect(digest.complete).toBe(true);
  const kinds = kindsOf(digest);
  expect(kinds).toContain("gcp:container/cluster:Cluster");
  expect(kinds.filter((kind) => kind.startsWith("kubernetes:"))).toEqual([]);
  expect(digest.notes).toContain(
    "Nothing was promoted here yet: this is the platform alone, its services come with the first release.",
  );
});

test("with a release, prod previews whole: Google Cloud by its provider, Kubernetes rendered", async () => {
  const sealed = { ...release, commit: await copy.commit("Everything") };
  const id = releaseId(sealed);
  mkdirSync(join(copy.path, "releases"), { recursive: true });
  writeFileSync(join(copy.path, "releases", `${id}.json`), canonicalJson(sealed));
  const lock = promotedLock(undefined, { environment: "prod", release: id, isVerified: false });
  writeFileSync(join(copy.path, "releases", "prod.lock.json"), lockText(lock));
  const digest = await previewProd();
  expect(digest.complete).toBe(true);
  expect(digest.policyPacks).toEqual({ "marketing-stack": "0.1.0" });
  expect(digest.violations).toEqual([]);
  expect([...new Set(digest.changes.map(({ op }) => op))]).toEqual(["create"]);
  expect(kindsOf(digest)).toEqual(
    expect.arrayContaining([
      "gcp:certificatemanager/certificate:Certificate",
      "gcp:compute/securityPolicy:SecurityPolicy",
      "gcp:dns/managedZone:ManagedZone",
      "gcp:monitoring/alertPolicy:AlertPolicy",
      "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
      "gcp:secretmanager/secretVersion:SecretVersion",
      "gcp:sql/databaseInstance:DatabaseInstance",
      "kubernetes:apps/v1:Deployment",
      "kubernetes:apps/v1:StatefulSet",
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    ]),
  );
});

test("what the clone became since the release was sealed is not in its preview", async () => {
  copy.replace(
    "stacks/prod.ts",
    "  if (!released)",
    '  throw new Error("newer");\n  if (!released)',
  );
  try {
    expect((await previewProd()).complete).toBe(true);
  } finally {
    copy.replace("stacks/prod.ts", '  throw new Error("newer");\n', "");
  }
});

test("the committed configuration stays as it was", () => {
  const before = readFileSync(join(process.cwd(), "Pulumi.prod.yaml"), "utf8");
  expect(readFileSync(join(copy.path, "Pulumi.prod.yaml"), "utf8")).toBe(before);
});

test("fails on a value that Google Cloud would refuse, naming key, value and rule", async () => {
  copy.replace("Pulumi.prod.yaml", "203.0.113.0/24", "203.0.113.0");
  const args = [join(copy.path, "commands/run.js"), "preview", "--stack", "prod"];
  const run = await runProcess(process.execPath, args, {
    cwd: copy.path,
    environment: { PULUMI_BACKEND_URL: "" },
  });
  expect(run.code).toBe(1);
  expect(run.stdout).toContain(
    'marketing-stack:adminNetworks must be a list of IPv4 ranges such as 203.0.113.0/24, none wider than /8, where platform is gke, got ["203.0.113.0"]',
  );
});

test("fails on an error of a callback, pointing to the TypeScript that threw it", async () => {
  copy.replace("Pulumi.prod.yaml", "203.0.113.0", "203.0.113.0/24");
  rmSync(join(copy.path, "releases"), { recursive: true });
  copy.replace(
    "stacks/prod.ts",
    "  if (!released)",
    '  pulumi.output(1).apply(() => { throw new Error("late"); });\n  if (!released)',
  );
  const args = [join(copy.path, "commands/run.js"), "preview", "--stack", "prod"];
  const run = await runProcess(process.execPath, args, {
    cwd: copy.path,
    environment: { PULUMI_BACKEND_URL: "" },
  });
  expect(run.code).toBe(1);
  expect(run.stdout).toMatch(/Error: late\n +at .*\/stacks\/prod\.ts:\d+:\d+/);
});
