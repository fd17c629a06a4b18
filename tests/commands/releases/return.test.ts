import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownState } from "../own-state.ts";
import { outboxPath, waitingChanges } from "../../../commands/ledger/outbox.ts";
import { changeLock } from "../../../commands/releases/lock-change.ts";
import { returnToLastVerified } from "../../../commands/releases/return.ts";
import { unfinishedReturn } from "../../../commands/releases/unfinished-return.ts";
import { verificationPath } from "../../../commands/releases/verification.ts";
import { canonicalJson } from "../../../stacks/canonical-json.ts";
import { lockText, readLock } from "../../../stacks/release-lock.ts";
import { releaseId, type Release } from "../../../stacks/releases.ts";
import { release } from "../../stacks/prod-program.ts";

const next: Release = { ...release, commit: "1".repeat(40) };
const [good, bad] = [releaseId(release), releaseId(next)];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "releases-"));
  seal(release);
  lock(bad, [good]);
  seal(next);
  verify(good);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(ownState, { recursive: true, force: true });
});

const seal = (content: Release) =>
  writeFileSync(join(folder, `${releaseId(content)}.json`), canonicalJson(content));

const lock = (id: string, verified: string[]) =>
  writeFileSync(
    join(folder, "prod.lock.json"),
    lockText({ version: 1, environment: "prod", release: id, verified }),
  );

const verify = (id: string) =>
  writeFileSync(
    verificationPath({ release: id, environment: "prod" }, folder),
    JSON.stringify({
      version: 1,
      release: id,
      environment: "prod",
      verifiedAt: "2026-11-23T10:00:00Z",
      checks: [{ name: "worker is ready", result: "passed", detail: "" }],
    }),
  );

const goBack = (check?: (id: string) => Promise<void>) =>
  returnToLastVerified("prod", { reason: "errors", actor: "gates" }, check, folder);

test("sets the lock and records the rollback with its reason", async () => {
  expect(await goBack()).toBe(good);
  expect(readLock("prod", folder)).toMatchObject({ release: good, verified: [] });
  expect(await waitingChanges("prod")).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      kind: "rollback",
      environment: "prod",
      subject: good,
      actor: "gates",
      occurredAt: expect.any(String) as string,
      details: { from: bad, reason: "errors" },
    },
  ]);
});

test("is unfinished until somebody deploys it, so that a rollback that follows goes no further", async () => {
  await goBack();
  expect(await unfinishedReturn("prod")).toBe(good);
});

test("fails where the lock names another release than the one that failed, and changes nothing", async () => {
  const goBackFrom = (failed: string) =>
    returnToLastVerified("prod", { reason: "errors", failed }, undefined, folder);
  await expect(goBackFrom(good)).rejects.toThrow(
    `the lock of prod must name release ${good}, which failed (errors), got ${bad}, which came meanwhile; npm run up -- --stack prod deploys that one`,
  );
  expect(readLock("prod", folder)).toMatchObject({ release: bad });
  expect([await waitingChanges("prod"), await unfinishedReturn("prod")]).toEqual([[], undefined]);
  expect(await goBackFrom(bad)).toBe(good);
});

test("fails where no release was verified before, and changes nothing", async () => {
  lock(bad, []);
  await expect(goBack()).rejects.toThrow(
    "prod must have run a verified release before the present one, found none",
  );
  expect(readLock("prod", folder)).toMatchObject({ release: bad });
  expect(await waitingChanges("prod")).toEqual([]);
});

test("fails where the record of the verification is gone", async () => {
  rmSync(verificationPath({ release: good, environment: "prod" }, folder));
  await expect(goBack()).rejects.toThrow(
    `release ${good} must be verified in prod, found no record`,
  );
});

test("fails over a migration that cannot be undone, with the reason", async () => {
  const contracted: Release = {
    ...release,
    migrations: { ...release.migrations, worker: ["0003-jobs.contract.sql"] },
  };
  seal(contracted);
  lock(releaseId(contracted), [good]);
  await expect(goBack()).rejects.toThrow(
    `prod must not go back from release ${releaseId(contracted)} to ${good}: worker/0003-jobs.contract.sql cannot be undone`,
  );
});

test("fails where the release cannot be deployed any more, and changes nothing", async () => {
  const gone = () => Promise.reject(new Error("the image is gone"));
  await expect(goBack(gone)).rejects.toThrow("the image is gone");
  expect(readLock("prod", folder)).toMatchObject({ release: bad });
});

describe("a command that was killed", () => {
  const intent = () => join(ownState, "stacks", "prod", "lock-intent.json");
  const interrupted = async (isWritten: boolean) => {
    await goBack();
    // As the kill left it: the intent is there, the change is not told yet.
    const [change] = await waitingChanges("prod");
    rmSync(outboxPath("prod"));
    const written = readLock("prod", folder)!;
    if (!isWritten) lock(bad, [good]);
    writeFileSync(intent(), JSON.stringify({ lock: written, change }));
    await changeLock("prod", async () => undefined, folder);
    expect(existsSync(intent())).toBe(false);
    return (await waitingChanges("prod")).length;
  };

  test("after the lock was written is recorded by the next command", async () => {
    expect(await interrupted(true)).toBe(1);
  });

  test("before it was written did nothing, and nothing is recorded", async () => {
    expect(await interrupted(false)).toBe(0);
  });
});

test("two that change a lock at once do it one after the other", async () => {
  lock(bad, [good, good]);
  await Promise.all([goBack(), goBack()]);
  expect(readLock("prod", folder)).toMatchObject({ release: good, verified: [] });
  expect(await waitingChanges("prod")).toHaveLength(2);
});
