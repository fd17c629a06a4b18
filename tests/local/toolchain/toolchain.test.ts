import { scratch } from "./scratch.ts";
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportMirror } from "../../../local/toolchain/export.ts";
import { toolNamed, toolNames } from "../../../local/toolchain/pins.ts";
import { artifactKey } from "../../../local/toolchain/recipe.ts";
import { storePath } from "../../../local/toolchain/store.ts";
import { resolveToolchain } from "../../../local/toolchain/toolchain.ts";
import { fillMirror } from "./fake-mirror.ts";
import { silentProgress } from "./silent.ts";

const mirror = join(scratch, "mirror");
const home = join(scratch, "home");
const before = { ...process.env };

// Each artifact takes a lock of its own: two processes each, slow where all cores are busy.
jest.setTimeout(60_000);

beforeEach(() => {
  fillMirror(mirror);
  Object.assign(process.env, {
    TOOLCHAIN_MIRROR: mirror,
    PATH: "/usr/bin:/bin",
    PULUMI_HOME: home,
  });
});
afterAll(() => {
  process.env = before;
});

test("a machine that has nothing gets all from the mirror, and nothing twice", async () => {
  const first = silentProgress();
  const toolchain = await resolveToolchain(first);
  expect(first.titles).toEqual(
    toolNames.map((name, i) => `fetching ${name} ${toolNamed(name).version} (${i + 1} of 9)`),
  );
  expect(Object.values(toolchain.tools).map(({ tier }) => tier)).toEqual(Array(9).fill("mirror"));

  const second = silentProgress();
  expect(await resolveToolchain(second)).toEqual(toolchain);
  expect(second.titles).toEqual([]);
});

test("the folder for PATH holds the binaries but no plugin; kubectl is a name of kubernetes", async () => {
  const { bin } = await resolveToolchain(silentProgress());
  const run = (name: string): string => execFileSync(join(bin, name), { encoding: "utf8" }).trim();
  for (const name of ["pulumi", "pulumi-language-nodejs", "kubernetes", "coredns"]) {
    expect(run(name)).toBe(name);
    expect(lstatSync(join(bin, name)).isFile()).toBe(true);
  }
  expect(run("kubectl")).toBe("kubernetes");
  expect(existsSync(join(bin, "pulumi-resource-gcp"))).toBe(false);
});

test("plugins lie where Pulumi looks for them", async () => {
  const { pulumiHome } = await resolveToolchain(silentProgress());
  const { version } = toolNamed("pulumi-resource-gcp");
  const path = join(pulumiHome, "plugins", `resource-gcp-v${version}`, "pulumi-resource-gcp");
  expect(execFileSync(path, { encoding: "utf8" })).toBe("pulumi-resource-gcp\n");
});

test("the engine cannot make its folder of logs, also where it was there before", async () => {
  const { pulumiHome } = await resolveToolchain(silentProgress());
  const logs = join(pulumiHome, "logs");
  rmSync(logs);
  mkdirSync(logs);
  writeFileSync(join(logs, "pulumi.log"), "");
  await resolveToolchain(silentProgress());
  expect(lstatSync(logs).isFile()).toBe(true);
});

test("a plugin of the machine is linked with all its files and counts as published", async () => {
  const { version } = toolNamed("pulumi-resource-docker");
  const folder = join(home, "plugins", `resource-docker-v${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "pulumi-resource-docker"), "#!/bin/sh\necho theirs\n", {
    mode: 0o755,
  });
  writeFileSync(join(folder, "PulumiPlugin.yaml"), "runtime: go\n");
  try {
    const { pulumiHome, tools } = await resolveToolchain(silentProgress());
    expect(tools["pulumi-resource-docker"]).toMatchObject({ tier: "machine", kind: "published" });
    const linked = join(pulumiHome, "plugins", `resource-docker-v${version}`);
    expect(readFileSync(join(linked, "PulumiPlugin.yaml"), "utf8")).toBe("runtime: go\n");
    const path = join(linked, "pulumi-resource-docker");
    expect(execFileSync(path, { encoding: "utf8" })).toBe("theirs\n");
  } finally {
    rmSync(home, { recursive: true });
  }
  await resolveToolchain(silentProgress());
});

test("only what is asked for is resolved", async () => {
  rmSync(storePath, { recursive: true });
  const progress = silentProgress();
  const { tools } = await resolveToolchain(progress, ["pulumi"]);
  expect(Object.keys(tools)).toEqual(["pulumi"]);
  expect(progress.titles).toHaveLength(1);
});

test("an exported mirror serves a machine whose store is empty", async () => {
  await resolveToolchain(silentProgress());
  const exported = join(scratch, "exported");
  await exportMirror(exported, toolNames.map(toolNamed), silentProgress());
  execFileSync("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: exported });

  rmSync(storePath, { recursive: true });
  process.env.TOOLCHAIN_MIRROR = exported;
  const { tools } = await resolveToolchain(silentProgress());
  expect(tools.coredns).toMatchObject({ tier: "mirror" });
});

test("exporting again replaces only what is not as it was", async () => {
  await resolveToolchain(silentProgress());
  const exported = join(scratch, "again");
  const all = toolNames.map(toolNamed);
  await exportMirror(exported, all, silentProgress());
  const list = readFileSync(join(exported, "SHA256SUMS"), "utf8");
  const file = join(exported, `${artifactKey(toolNamed("coredns"))}.zst`);
  writeFileSync(file, "broken");
  await exportMirror(exported, all, silentProgress());
  expect(readFileSync(file).length).toBeGreaterThan(6);
  expect(readFileSync(join(exported, "SHA256SUMS"), "utf8")).toBe(list);
});
