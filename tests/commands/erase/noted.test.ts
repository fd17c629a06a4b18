import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  beginNotes,
  notedErasures,
  noteErasure,
  type NotedErasure,
} from "../../../commands/erase/noted.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "noted-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (): string => join(folder, "erasures.ndjson");
const erasure = (id: string): NotedErasure => ({
  ...{ id, actor: "me", erasedAt: "2026-01-01T00:00:00+00:00", details: {} },
  ...{ salt: "00ff", people: ["aa"], texts: [{ length: 1, hash: 1, digest: "bb" }] },
});

test("erasures are read as they were noted, by their owner only", async () => {
  await beginNotes(folder);
  expect(await notedErasures(folder)).toEqual([]);
  await Promise.all([noteErasure(folder, erasure("a")), noteErasure(folder, erasure("b"))]);
  await beginNotes(folder);
  const ids = (await notedErasures(folder)).map(({ id }) => id);
  expect(ids.sort()).toEqual(["a", "b"]);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

test("what a kill tore off is nothing, and the next one takes its place", async () => {
  await noteErasure(folder, erasure("a"));
  appendFileSync(path(), '{"id":"torn');
  expect(await notedErasures(folder)).toEqual([erasure("a")]);
  await noteErasure(folder, erasure("b"));
  expect(await notedErasures(folder)).toEqual([erasure("a"), erasure("b")]);
  expect(readFileSync(path(), "utf8")).not.toContain("torn");
});

test("fails where nobody knows who was erased", async () => {
  await expect(notedErasures(folder)).rejects.toThrow(
    `${path()} must tell who was erased after the backup, got: ENOENT`,
  );
  for (const line of ["{", "{}"]) {
    writeFileSync(path(), `${line}\n`);
    await expect(notedErasures(folder)).rejects.toThrow(
      `${path()}:1 must be an erasure as npm run erase writes it, got ${JSON.stringify(line)}`,
    );
  }
});
