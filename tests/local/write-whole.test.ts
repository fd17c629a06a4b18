import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWhole } from "../../local/write-whole.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "write-whole-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test("a file has all of its new content, and nothing else is left", async () => {
  const path = join(folder, "made", "here.txt");
  await writeWhole(path, "a longer content");
  await writeWhole(path, "short");
  expect(readFileSync(path, "utf8")).toBe("short");
  expect(readdirSync(join(folder, "made"))).toEqual(["here.txt"]);
});

test("its content is on the disk before it has its name, and its name before the write is over", async () => {
  const path = join(folder, "here.txt");
  const handle = await open(folder);
  await handle.close();
  const synced: unknown[] = [];
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  const { sync } = prototype;
  const spy = jest.spyOn(prototype, "sync").mockImplementation(async function (this: FileHandle) {
    const isNamed = existsSync(path);
    synced.push([(await this.stat()).isDirectory() ? "folder" : (await this.stat()).size, isNamed]);
    return sync.call(this);
  });
  await writeWhole(path, "four");
  spy.mockRestore();
  expect(synced).toEqual([
    [4, false],
    ["folder", true],
  ]);
});

test("what only its owner may read is closed, as is the folder that is made for it", async () => {
  const path = join(folder, "made", "secret.json");
  await writeWhole(path, "open");
  await writeWhole(path, "{}", 0o600);
  expect(modeOf(path)).toBe(0o600);
  const another = join(folder, "closed", "secret.json");
  await writeWhole(another, "{}", 0o600);
  expect([modeOf(join(folder, "closed")), modeOf(another)]).toEqual([0o700, 0o600]);
});
