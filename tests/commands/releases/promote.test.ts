import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownState } from "../own-state.ts";
import { waitingChanges } from "../../../commands/ledger/outbox.ts";
import { promoteRelease } from "../../../commands/releases/promote.ts";
import { writeVerification } from "../../../commands/releases/verification.ts";
import { canonicalJson } from "../../../stacks/canonical-json.ts";
import type { PromotionRules } from "../../../stacks/promotion-rules.ts";
import { readLock } from "../../../stacks/release-lock.ts";
import { releaseId, type Release } from "../../../stacks/releases.ts";
import { release } from "../../stacks/prod-program.ts";

const NOW = new Date("2026-11-25T12:00:00Z");
const next: Release = { ...release, commit: "1".repeat(40) };
const [first, second] = [releaseId(release), releaseId(next)];
const anything: PromotionRules = {
  previousEnvironment: "dev",
  freezeWindows: [],
  requiredApprovals: 0,
  approvals: {},
};

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "releases-"));
  await seal(release);
  await seal(next);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(ownState, { recursive: true, force: true });
});

/** Seals a release, verified in dev. */
async function seal(content: Release): Promise<string> {
  const id = releaseId(content);
  writeFileSync(join(folder, `${id}.json`), canonicalJson(content));
  await verify(id, "dev");
  return id;
}

function verify(id: string, environment: string): Promise<void> {
  return writeVerification(
    {
      version: 1,
      release: id,
      environment,
      verifiedAt: NOW.toISOString(),
      checks: [{ name: "worker is ready", result: "passed", detail: "" }],
    },
    folder,
  );
}

const promote = (
  id: string,
  rules: Partial<PromotionRules> = {},
  prepare: () => Promise<void> = async () => undefined,
): Promise<boolean> =>
  promoteRelease(
    { release: id, environment: "prod", rules: { ...anything, ...rules } },
    { now: NOW, prepare, folder },
  );

const locked = () => readLock("prod", folder);

test("gives an environment a release that the one before it verified, and the ledger tells of it", async () => {
  expect(await promote(first)).toBe(true);
  expect(locked()).toMatchObject({ release: first, verified: [] });
  expect(await waitingChanges("prod")).toMatchObject([
    { kind: "promotion", subject: first, details: { from: null, commit: release.commit } },
  ]);
});

test("the release before is on the way back once the environment verified it", async () => {
  await promote(first);
  await verify(first, "prod");
  await promote(second);
  expect(locked()).toMatchObject({ release: second, verified: [first] });
});

test("promoting it again changes nothing and records nothing", async () => {
  await promote(first);
  const before = readFileSync(join(folder, "prod.lock.json"), "utf8");
  expect(await promote(first)).toBe(false);
  expect(readFileSync(join(folder, "prod.lock.json"), "utf8")).toBe(before);
  expect(await waitingChanges("prod")).toHaveLength(1);
});

test("of two promotions at once one comes after the other", async () => {
  await Promise.all([promote(first), promote(second)]);
  const changes = await waitingChanges("prod");
  expect(changes.map(({ details }) => details.from)).toEqual([null, changes[0]!.subject]);
  expect(locked()!.release).toBe(changes[1]!.subject);
});

describe("fails and changes nothing", () => {
  afterEach(async () => {
    expect(locked()).toBeUndefined();
    expect(await waitingChanges("prod")).toEqual([]);
  });

  test("where the previous environment did not verify exactly this release", async () => {
    await expect(promote(first, { previousEnvironment: "staging" })).rejects.toThrow(
      `release ${first} must be verified in staging before it goes to prod, found no releases/${first}.verified.staging.json`,
    );
  });

  test("on a release that was edited by hand", async () => {
    writeFileSync(join(folder, `${first}.json`), canonicalJson(next));
    await expect(promote(first)).rejects.toThrow("must hold what was sealed");
  });

  test("in a freeze window, naming its end", async () => {
    const window = {
      name: "sale",
      timeZone: "UTC",
      from: "2026-11-24 00:00",
      to: "2026-12-01 00:00",
    };
    await expect(promote(first, { freezeWindows: [window] })).rejects.toThrow(
      'nothing is promoted to prod in the freeze window "sale", which is open until 2026-12-01T00:00:00.000Z; wait, or change',
    );
  });

  test.each([
    [{}, "nobody"],
    [{ [first]: ["ada", "ada"] }, "ada"],
    [{ [second]: ["ada", "grace"] }, "nobody"],
  ])("where approvals are missing: %j", async (approvals, got) => {
    await expect(promote(first, { requiredApprovals: 2, approvals })).rejects.toThrow(
      `release ${first} must be approved by 2 people before it goes to prod, got ${got}; `,
    );
  });

  test("where an image is gone", async () => {
    const gone = () => Promise.reject(new Error("the registry must have and give it"));
    await expect(promote(first, {}, gone)).rejects.toThrow("the registry must have and give it");
  });
});

test("with the approvals that it needs it is promoted, and the ledger names who gave them", async () => {
  await promote(first, { requiredApprovals: 2, approvals: { [first]: ["ada", "grace"] } });
  expect(await waitingChanges("prod")).toMatchObject([
    { details: { approvedBy: ["ada", "grace"] } },
  ]);
});

test("fails where the environment ran migrations that the release does not know", async () => {
  const ahead = await seal({
    ...release,
    migrations: { ...release.migrations, worker: [...release.migrations.worker!, "0003-x.sql"] },
  });
  await promote(ahead);
  await expect(promote(first)).rejects.toThrow(
    `release ${first} cannot go to prod: its migrations must be at least those that were run, got none of worker/0003-x.sql`,
  );
  expect(locked()!.release).toBe(ahead);
});

test("fails on a release whose content is not in this clone, and changes nothing", async () => {
  const content = `sha256:${"1".repeat(64)}`;
  const id = await seal({ ...release, content });
  await expect(promote(id)).rejects.toThrow(
    `content ${content} must be in this clone, found no ${join(folder, "content", "1".repeat(64))}.json; restore the file from Git`,
  );
  expect(readLock("prod", folder)).toBeUndefined();
});
