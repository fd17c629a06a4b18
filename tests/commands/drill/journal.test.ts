import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal } from "../../../commands/drill/journal.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("who comes later finds what is still broken", async () => {
  const journal = new Journal("dev", folder);
  expect(journal.entries).toEqual([]);
  // Drills that go on at the same time.
  await Promise.all([
    journal.add({ alert: "CmsDown", state: { replicas: 2 } }),
    journal.add({ alert: "QueueTooOld", state: null }),
    journal.add({ alert: "SpoolTooOld", state: null }),
  ]);
  await journal.remove("QueueTooOld");
  expect(new Journal("dev", folder).entries).toEqual([
    { alert: "CmsDown", state: { replicas: 2 } },
    { alert: "SpoolTooOld", state: null },
  ]);
  expect(new Journal("prod", folder).entries).toEqual([]);
});

test("fails on a file that no drill has written, and leaves it", () => {
  mkdirSync(join(folder, "dev"));
  const path = join(folder, "dev", "drill.json");
  writeFileSync(path, '{"faults": [');
  expect(() => new Journal("dev", folder)).toThrow(
    `${path} must be what a drill has written, got "{\\"faults\\": ["; set right by hand what it broke, then remove the file`,
  );
  expect(readFileSync(path, "utf8")).toBe('{"faults": [');
});
