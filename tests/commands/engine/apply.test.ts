import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { verificationPath, writeVerification } from "../../../commands/releases/verification.ts";
import { canonicalJson } from "../../../stacks/canonical-json.ts";
import { lockText, readLock } from "../../../stacks/release-lock.ts";
import { releaseId, type Release } from "../../../stacks/releases.ts";
import { copyOfClone } from "../../e2e/changed-clone.ts";
import { runProcess, type CommandRun } from "../../e2e/command.ts";
import { release } from "../../stacks/prod-program.ts";
import { standInEngine, type Answers } from "./stand-in-engine.ts";

const NAME = "rehearsal-apply";

let copy: Awaited<ReturnType<typeof copyOfClone>>;
let folder: string;
let give: (answers: Answers) => void;
let releases: Release[];
let ids: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "apply-"));
  copy = await copyOfClone();
  const config = { portBase: 30610, gates: [], gateSoakSeconds: 1 };
  const keys = Object.entries(config).map(([key, value]) => [`marketing-stack:${key}`, value]);
  copy.write(`Pulumi.${NAME}.yaml`, stringify({ config: Object.fromEntries(keys) }));
  const commit = await copy.commit("Everything");
  // Only the CMS differs: there is no canary to wait for.
  releases = ["1", "2", "3"].map((digit) => ({
    ...release,
    images: { ...release.images, cms: `marketing-stack/cms@sha256:${digit.repeat(64)}` },
    commit,
  }));
  ids = releases.map(releaseId);
  for (const [index, id] of ids.entries()) {
    copy.write(`releases/${id}.json`, canonicalJson(releases[index]!));
  }
});
afterAll(() => {
  copy.remove();
  rmSync(folder, { recursive: true, force: true });
});

const inReleases = () => join(copy.path, "releases");
const stateOf = () => join(folder, "marketing-stack");
const isVerified = (id: string) =>
  existsSync(verificationPath({ release: id, environment: NAME }, inReleases()));

// Two releases were verified, the third one was promoted, and deploys at once unless one of them is on its way back.
beforeEach(async () => {
  rmSync(stateOf(), { recursive: true, force: true });
  mkdirSync(stateOf());
  const nowhere = "http://127.0.0.1:1/";
  const platform = { registry: "127.0.0.1:1", prometheus: nowhere, monitoring: nowhere };
  writeFileSync(join(stateOf(), "platform.json"), JSON.stringify(platform));
  const [first, second, third] = ids as [string, string, string];
  rmSync(verificationPath({ release: third, environment: NAME }, inReleases()), { force: true });
  for (const id of [first, second]) {
    const checks = [{ name: "pods are ready", result: "passed", detail: "" }] as const;
    const verifiedAt = "2026-11-23T10:00:00Z";
    await writeVerification(
      { version: 1, release: id, environment: NAME, verifiedAt, checks },
      inReleases(),
    );
  }
  lock([]);
  give = standInEngine(folder);
});

function lock(verified: string[]): void {
  const content = { version: 1, environment: NAME, release: ids[2]!, verified } as const;
  copy.write(`releases/${NAME}.lock.json`, lockText(content));
}

/** What a stack on Google Cloud exports, none of which can be reached from here. */
const outputsOf = ({ images }: Release) => ({
  namespace: NAME,
  urls: {
    cms: null,
    collector: null,
    worker: null,
    monitoring: "https://console.cloud.google.com/",
  },
  databaseUrl: null,
  ledgerUrl: null,
  adminEmail: "admin@example.com",
  adminPassword: "generated",
  writeKeys: {},
  images: Object.fromEntries(
    Object.entries(images).map(([name, image]) => [name, `127.0.0.1:1/${image}`]),
  ),
});

function deploy(): Promise<CommandRun> {
  const script = join(copy.path, "tests/commands/engine/deploying.ts");
  return runProcess(process.execPath, ["--disable-warning=ExperimentalWarning", script, NAME], {
    cwd: copy.path,
    environment: { XDG_STATE_HOME: folder, PATH: `${folder}:${process.env.PATH}` },
  });
}

test("a release that runs and works is verified", async () => {
  give({ "stack output": outputsOf(releases[2]!) });
  const run = await deploy();
  expect([run.code, run.stderr]).toEqual([
    0,
    expect.stringContaining(`✓ pulumi up --stack ${NAME}`),
  ]);
  expect(isVerified(ids[2]!)).toBe(true);
});

test("fails where another release runs by then, and verifies none", async () => {
  give({ "stack output": outputsOf(releases[1]!) });
  const run = await deploy();
  expect([run.code, run.stderr]).toEqual([
    1,
    expect.stringContaining(
      `the cms of stack ${NAME} must run ${releases[2]!.images.cms} of release ${ids[2]}, got 127.0.0.1:1/${releases[1]!.images.cms}`,
    ),
  ]);
  expect(isVerified(ids[2]!)).toBe(false);
});

test("fails where its outputs cannot be read, verifies nothing, and a return that fails for that too is noted as unfinished", async () => {
  lock([ids[0]!, ids[1]!]);
  const fails = "error: could not get credentials: oauth2: token expired";
  give({ "stack output": { fails }, "stack ls": [{ name: NAME }] });
  const run = await deploy();
  expect([run.code, run.stderr]).toEqual([1, expect.stringContaining("oauth2: token expired")]);
  expect(isVerified(ids[2]!)).toBe(false);
  expect(readLock(NAME, inReleases())).toMatchObject({ release: ids[1], verified: [ids[0]] });
  const note = readFileSync(join(stateOf(), "stacks", NAME, "return-begun.json"), "utf8");
  expect(JSON.parse(note)).toEqual({ release: ids[1] });
});

test("fails where a release was deployed and the stack exports nothing", async () => {
  give({ "stack output": {} });
  const run = await deploy();
  expect([run.code, run.stderr]).toEqual([
    1,
    expect.stringContaining(
      `stack ${NAME} must export where its services are once it runs release ${ids[2]}, got nothing`,
    ),
  ]);
  expect(isVerified(ids[2]!)).toBe(false);
});
