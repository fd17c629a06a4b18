import { scratch } from "./scratch.ts";
import { mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pulumiHome } from "../../../local/toolchain/layout.ts";
import { machineTool, thisMachine } from "../../../local/toolchain/machine.ts";
import { toolNamed } from "../../../local/toolchain/pins.ts";
import { pluginKind } from "../../../local/toolchain/plugin-kind.ts";
import { storePath } from "../../../local/toolchain/store.ts";

const bin = join(scratch, "bin");
const home = join(scratch, "home");
const machine = { folders: [join(scratch, "empty"), bin], pulumiHome: home };
const { version } = toolNamed("pulumi");

function program(path: string, prints: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${prints}'\n`, { mode: 0o755 });
  return realpathSync(path);
}

afterEach(() => {
  rmSync(bin, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

test("a binary on PATH that says the pinned version is taken", () => {
  const path = program(join(bin, "pulumi"), `v${version}`);
  expect(machineTool(toolNamed("pulumi"), machine)).toBe(path);
});

test.each(["v3.1.0", `v${version}-dev.1`, `v${version}9`, `v1${version}`, "nothing"])(
  "a binary on PATH that says %s is not taken",
  (says) => {
    program(join(bin, "pulumi"), says);
    expect(machineTool(toolNamed("pulumi"), machine)).toBeUndefined();
  },
);

test("the CLI that Pulumi keeps per version is taken", () => {
  const path = program(join(home, "versions", version, "bin", "pulumi"), `v${version}`);
  expect(machineTool(toolNamed("pulumi"), machine)).toBe(path);
});

test("the language host is taken from beside the pinned CLI only", () => {
  const host = program(join(bin, "pulumi-language-nodejs"), "");
  expect(machineTool(toolNamed("pulumi-language-nodejs"), machine)).toBeUndefined();
  program(join(bin, "pulumi"), `v${version}`);
  expect(machineTool(toolNamed("pulumi-language-nodejs"), machine)).toBe(host);
});

test("a plugin in the cache at the pinned version is taken, one that is being installed is not", () => {
  const tool = toolNamed("pulumi-resource-docker");
  const folder = join(home, "plugins", `resource-docker-v${tool.version}`);
  const path = program(join(folder, "pulumi-resource-docker"), "");
  expect(machineTool(tool, machine)).toBe(path);
  writeFileSync(`${folder}.partial`, "");
  expect(machineTool(tool, machine)).toBeUndefined();
});

test("a plugin of another version is not taken", () => {
  program(join(home, "plugins", "resource-docker-v4.0.0", "pulumi-resource-docker"), "");
  expect(machineTool(toolNamed("pulumi-resource-docker"), machine)).toBeUndefined();
});

test("our own folders on PATH and in PULUMI_HOME are not the machine's", () => {
  const found = thisMachine({
    PATH: `${storePath}/bin-1:/usr/bin:/clone/node_modules/.bin`,
    PULUMI_HOME: pulumiHome,
  });
  expect(found.folders).toEqual(["/usr/bin"]);
  expect(found.pulumiHome).toMatch(/\/\.pulumi$/);
  expect(thisMachine({ PULUMI_HOME: "/home/p" }).pulumiHome).toBe("/home/p");
});

test("a plugin that carries a recipe's module is ours, any other is published", async () => {
  const path = join(scratch, "plugin");
  // Across the border of two reads.
  writeFileSync(
    path,
    Buffer.concat([Buffer.alloc((1 << 20) - 5), Buffer.from("example.invalid/tools/x")]),
  );
  expect(await pluginKind(path)).toBe("bridged");
  writeFileSync(path, Buffer.alloc(3 << 20));
  expect(await pluginKind(path)).toBe("published");
});
