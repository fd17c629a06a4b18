import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson } from "../../stacks/canonical-json.ts";
import {
  lockText,
  promotedLock,
  readLock,
  readLockedRelease,
  returnedLock,
  type ReleaseLock,
} from "../../stacks/release-lock.ts";
import { releaseId } from "../../stacks/releases.ts";
import { release } from "./prod-program.ts";

const id = releaseId(release);
const lock: ReleaseLock = { version: 1, environment: "prod", release: id, verified: [] };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "releases-"));
  path = join(folder, "prod.lock.json");
  writeFileSync(join(folder, `${id}.json`), canonicalJson(release));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("an environment without a lock runs no release", () => {
  expect(readLockedRelease("prod", folder)).toBeUndefined();
});

test("the lock names the release that an environment runs", () => {
  writeFileSync(path, lockText(lock));
  expect(readLockedRelease("prod", folder)).toEqual(release);
});

test.each([
  ["release", (text: string) => text.replace(id, "0123456789abcdef")],
  [
    "way back",
    (text: string) => text.replace('"verified": []', '"verified": ["0123456789abcdef"]'),
  ],
  ["digest", (text: string) => text.replace("sha256:", "sha256:0")],
  ["whole", () => JSON.stringify({ release: id })],
  ["form", () => "[]"],
])("fails on a lock whose %s was edited by hand, naming the file and the remedy", (_what, edit) => {
  writeFileSync(path, edit(lockText(lock)));
  expect(() => readLock("prod", folder)).toThrow(
    `${path} must hold what npm run promote wrote, got content that was edited by hand; restore the file from Git, then promote or roll back`,
  );
});

test("fails on the lock of another environment", () => {
  writeFileSync(path, lockText({ ...lock, environment: "rehearsal" }));
  expect(() => readLock("prod", folder)).toThrow(
    `${path} must be the lock of prod, got that of "rehearsal"`,
  );
});

test("fails on a lock with the marks of a merge conflict, naming the file", () => {
  writeFileSync(path, `<<<<<<< HEAD\n${lockText(lock)}`);
  expect(() => readLock("prod", folder)).toThrow(`${path} must be JSON, got: `);
});

test("fails on a lock whose release was edited by hand", () => {
  writeFileSync(path, lockText(lock));
  const sealed = join(folder, `${id}.json`);
  writeFileSync(sealed, readFileSync(sealed, "utf8").replace("aaaa", "0000"));
  expect(() => readLockedRelease("prod", folder)).toThrow("must hold what was sealed");
});

describe("the way back", () => {
  const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(16)) as [string, string, string];
  const promoted = (from: ReleaseLock | undefined, to: string, isVerified: boolean): ReleaseLock =>
    promotedLock(from, { environment: "prod", release: to, isVerified });

  test("holds the releases that were verified, each promotion adding the one before it", () => {
    const third = promoted(promoted(promoted(undefined, a, false), b, true), c, true);
    expect(third).toEqual({ version: 1, environment: "prod", release: c, verified: [a, b] });
  });

  test("leaves out a release that was never verified", () => {
    const third = promoted(promoted(promoted(undefined, a, false), b, true), c, false);
    expect(third).toMatchObject({ release: c, verified: [a] });
  });

  test("promoting the same release again changes nothing", () => {
    const second = promoted(promoted(undefined, a, false), b, true);
    expect(promoted(second, b, true)).toEqual(second);
  });

  test("leads back one release at a time, to its end", () => {
    const third = promoted(promoted(promoted(undefined, a, false), b, true), c, true);
    const back = returnedLock(third)!;
    expect(back).toMatchObject({ release: b, verified: [a] });
    expect(returnedLock(back)).toMatchObject({ release: a, verified: [] });
    expect(returnedLock(returnedLock(back)!)).toBeUndefined();
  });

  test("holds twenty releases", () => {
    let last: ReleaseLock | undefined;
    for (let n = 0; n < 30; n += 1) last = promoted(last, String(n).padStart(16, "0"), true);
    expect(last!.verified).toHaveLength(20);
    expect(last!.verified.at(-1)).toBe("28".padStart(16, "0"));
  });
});
