import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { release } from "./prod-program.ts";
import { canonicalJson } from "../../stacks/canonical-json.ts";
import { readRelease, releaseId, type Release } from "../../stacks/releases.ts";

const id = releaseId(release);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "releases-"));
  writeFileSync(join(folder, `${id}.json`), canonicalJson(release));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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

test.each(["../secrets", "", "0123456789ABCDEF"])("fails on the id %j", (named) => {
  expect(() => readRelease(named, folder)).toThrow(
    `a release must be 16 hexadecimal digits, got ${JSON.stringify(named)}`,
  );
});
