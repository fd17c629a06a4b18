import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readArtifact } from "../../../commands/comment/artifact.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "marketing-stack-artifact-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("reads the one Markdown file", async () => {
  writeFileSync(join(folder, "digest.md"), "# Digest\n");
  writeFileSync(join(folder, "digest.json"), "{}");
  expect(await readArtifact(folder)).toBe("# Digest\n");
});

test("a folder without one, or no folder, has nothing", async () => {
  expect(await readArtifact(folder)).toBeUndefined();
  expect(await readArtifact(join(folder, "absent"))).toBeUndefined();
});

test("fails on several", async () => {
  writeFileSync(join(folder, "b.md"), "");
  writeFileSync(join(folder, "a.md"), "");
  await expect(readArtifact(folder)).rejects.toThrow(
    `${folder} must hold one .md file, got ["a.md","b.md"]`,
  );
});

test("fails on a link, which could lead to a file of this machine", async () => {
  symlinkSync("/etc/passwd", join(folder, "digest.md"));
  await expect(readArtifact(folder)).rejects.toThrow("must be a plain file");
});

test("fails on a file that is too large", async () => {
  writeFileSync(join(folder, "digest.md"), "");
  truncateSync(join(folder, "digest.md"), 4 * 1024 * 1024 + 1);
  await expect(readArtifact(folder)).rejects.toThrow("got 4194305 bytes");
});
