import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataDigests, requireSealedData } from "../../stacks/sealed-data.ts";

let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "sealed-data-"));
  for (const room of ["campaigns", "alerts"]) {
    cpSync(room, join(clone, room), { recursive: true });
  }
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

test("the same files are the same data, wherever they lie", () => {
  expect(dataDigests(clone)).toEqual(dataDigests());
  expect(() => requireSealedData(dataDigests(clone), dataDigests())).not.toThrow();
});

test.each([
  ["campaigns", "campaigns/welcome.yaml"],
  ["campaigns", "campaigns/new.yaml"],
  ["alerts", "alerts/services.yaml"],
])("fails on %s that were not sealed: %s", (room, file) => {
  const sealed = dataDigests(clone);
  mkdirSync(join(clone, room), { recursive: true });
  writeFileSync(join(clone, file), "changed");
  expect(() => requireSealedData(sealed, dataDigests(clone))).toThrow(
    `${room} must be those of the release, got others in this folder; deploy with npm run up, which takes the release's commit`,
  );
});

test("fails on campaigns where the release has none", () => {
  const sealed = { ...dataDigests(clone), campaigns: null };
  expect(() => requireSealedData(sealed, dataDigests(clone))).toThrow(
    "campaigns must be those of the release",
  );
});
