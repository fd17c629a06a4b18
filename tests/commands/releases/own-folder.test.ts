import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { ownFolder } from "../../../commands/releases/own-folder.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "own-folders-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test("each is another one, and those of living processes stay", async () => {
  const folders = [await ownFolder(parent), await ownFolder(parent)];
  expect(folders.map(dirname)).toEqual([parent, parent]);
  expect(readdirSync(parent).sort()).toEqual(folders.map((path) => basename(path)).sort());
  expect(readdirSync(parent)).toHaveLength(2);
});

test("what a killed process left goes", async () => {
  const dead = join(parent, `${spawnSync("true").pid}-abcdef`);
  mkdirSync(dead);
  writeFileSync(join(dead, "file"), "");
  const own = await ownFolder(parent);
  expect(readdirSync(parent)).toEqual([basename(own)]);
});
