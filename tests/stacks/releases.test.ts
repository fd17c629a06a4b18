import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { release } from "./prod-program.ts";
import {
  canonicalJson,
  readLockedRelease,
  readRelease,
  releaseId,
  type Release,
} from "../../stacks/releases.ts";

const id = releaseId(release);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "releases-"));
  writeFileSync(join(folder, `${id}.json`), canonicalJson(release));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("an environment without a lock runs no release", () => {
  expect(readLockedRelease("prod", folder)).toBeUndefined();
});

test("the lock names the release that an environment runs", () => {
  writeFileSync(join(folder, "prod.lock.json"), JSON.stringify({ release: id }));
  expect(readLockedRelease("prod", folder)).toEqual(release);
});

test("the id is the content's, whatever the order of its keys", () => {
  const turned = Object.fromEntries(Object.entries(release).reverse()) as unknown as Release;
  expect(releaseId(turned)).toBe(id);
  expect(releaseId({ ...release, commit: "0".repeat(40) })).not.toBe(id);
});

test("fails on a release that was edited by hand, naming the file and the remedy", () => {
  const path = join(folder, `${id}.json`);
  writeFileSync(path, readFileSync(path, "utf8").replace("aaaa", "0000"));
  expect(() => readRelease(id, folder)).toThrow(
    /must hold what was sealed, got content of release [0-9a-f]{16}; restore the file from Git$/,
  );
});

test("fails on a release that is not there", () => {
  expect(() => readRelease("0123456789abcdef", folder)).toThrow(
    "release 0123456789abcdef must be sealed, found no",
  );
});

test.each([["../secrets"], [""], [17], [null]])("fails on a lock that names %j", (named) => {
  writeFileSync(join(folder, "prod.lock.json"), JSON.stringify({ release: named }));
  expect(() => readLockedRelease("prod", folder)).toThrow(
    `must be 16 hexadecimal digits, got ${JSON.stringify(named)}; write it with npm run promote`,
  );
});

test("fails on a lock that is no JSON, naming the file", () => {
  writeFileSync(join(folder, "prod.lock.json"), "{");
  expect(() => readLockedRelease("prod", folder)).toThrow(/prod\.lock\.json must be JSON, got: /);
});
