import { scratch } from "./scratch.ts";
import { chmodSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  artifactPath,
  storeArtifact,
  storedArtifact,
  verifiedArtifact,
} from "../../../local/toolchain/store.ts";

const key = "tool-1.0.0-0123456789abcdef";

beforeEach(async () => {
  const binary = join(scratch, "binary");
  writeFileSync(binary, "good");
  await storeArtifact(key, binary, "built");
});

/** Writes other bytes of the same length. @param isTold whether the time of the last write tells */
function corrupt(isTold: boolean): void {
  const path = artifactPath(key);
  const { atimeMs, mtimeMs } = statSync(path);
  chmodSync(path, 0o755);
  writeFileSync(path, "evil");
  utimesSync(path, atimeMs / 1000, isTold ? 1 : mtimeMs / 1000);
}

test("a stored artifact is executable and has a receipt", async () => {
  expect(statSync(artifactPath(key)).mode & 0o777).toBe(0o555);
  expect(await storedArtifact(key)).toEqual({
    origin: "built",
    sha256: "770e607624d689265ca6c44884d0807d9b054d23c473c106c72be9de08b7376c",
    bytes: 4,
    modified: statSync(artifactPath(key)).mtimeMs,
  });
});

test("an artifact that was only touched still counts", async () => {
  utimesSync(artifactPath(key), 1, 1);
  expect(await storedArtifact(key)).toMatchObject({ origin: "built", modified: 1000 });
});

test("an artifact that was written to does not count", async () => {
  corrupt(true);
  expect(await storedArtifact(key)).toBeUndefined();
});

test("full verification finds a change that size and time do not tell, and it stays found", async () => {
  corrupt(false);
  expect(await verifiedArtifact(key)).toBeUndefined();
  expect(await storedArtifact(key)).toBeUndefined();
});

test("what is not stored does not count", async () => {
  expect(await storedArtifact("other")).toBeUndefined();
  expect(await verifiedArtifact("other")).toBeUndefined();
});
