import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  readVerification,
  verificationPath,
  writeVerification,
  type Verification,
} from "../../../commands/releases/verification.ts";

const record: Verification = {
  version: 1,
  release: "0123456789abcdef",
  environment: "dev",
  verifiedAt: "2026-11-23T10:00:00.000Z",
  checks: [{ name: "worker is ready", result: "passed", detail: "" }],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "releases-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a release that was not verified in an environment has no record there", async () => {
  await writeVerification(record, folder);
  expect(readVerification({ ...record, environment: "prod" }, folder)).toBeUndefined();
});

test("the record lies beside the release", async () => {
  await writeVerification(record, folder);
  expect(verificationPath(record, folder)).toBe(join(folder, "0123456789abcdef.verified.dev.json"));
  expect(readVerification(record, folder)).toEqual(record);
});

test("verifying again rewrites nothing", async () => {
  await writeVerification(record, folder);
  const before = readFileSync(verificationPath(record, folder), "utf8");
  await writeVerification({ ...record, verifiedAt: "2026-11-24T10:00:00.000Z" }, folder);
  expect(readFileSync(verificationPath(record, folder), "utf8")).toBe(before);
});

test.each([
  [{ checks: [] }, "/checks that must NOT have fewer than 1 items"],
  [{ version: 2 }, "/version that must be equal to constant"],
  [{ checks: [{ ...record.checks[0], result: "failed" }] }, "/checks/0/result that must be equal"],
  [{ by: "hand" }, "a value that must NOT have additional properties"],
])("fails on a record with %j", (wrong, message) => {
  writeFileSync(verificationPath(record, folder), JSON.stringify({ ...record, ...wrong }));
  expect(() => readVerification(record, folder)).toThrow(
    `${verificationPath(record, folder)} must be a verification record, got ${message}`,
  );
});

test("fails on the record of another release", () => {
  const other = { ...record, release: "f".repeat(16) };
  writeFileSync(verificationPath(record, folder), JSON.stringify(other));
  expect(() => readVerification(record, folder)).toThrow(
    "must be the record of release 0123456789abcdef in dev, got that of release ffffffffffffffff in dev; restore the file from Git".replace(
      "of release f",
      "of f",
    ),
  );
});
