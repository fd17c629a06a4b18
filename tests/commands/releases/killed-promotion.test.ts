import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "../own-state.ts";
import { waitingChanges } from "../../../commands/ledger/outbox.ts";
import { changeLock } from "../../../commands/releases/lock-change.ts";
import { writeVerification } from "../../../commands/releases/verification.ts";
import { canonicalJson } from "../../../stacks/canonical-json.ts";
import { readLock } from "../../../stacks/release-lock.ts";
import { releaseId } from "../../../stacks/releases.ts";
import { printedSeed, seeded } from "../../faults/random.ts";
import { release } from "../../stacks/prod-program.ts";

const KILLS = 8;

let folder: string;
let releases: string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "releases-"));
  releases = await Promise.all(
    ["1", "2", "3"].map(async (digit) => {
      const sealed = { ...release, commit: digit.repeat(40) };
      const id = releaseId(sealed);
      writeFileSync(join(folder, `${id}.json`), canonicalJson(sealed));
      for (const environment of ["dev", "prod"]) {
        const verifiedAt = "2026-11-23T10:00:00Z";
        const checks = [{ name: "worker is ready", result: "passed" as const, detail: "" }];
        await writeVerification(
          { version: 1, release: id, environment, verifiedAt, checks },
          folder,
        );
      }
      return id;
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("killed at any point, a promotion happened wholly or not at all, and the ledger tells of each once", async () => {
  const random = seeded(printedSeed());
  for (let kill = 0; kill < KILLS; kill += 1) {
    await killedAfter(1 + Math.floor(random() * 3), random() * 60);
    await changeLock("prod", async () => undefined, folder);

    const changes = await waitingChanges("prod");
    const told = changes.filter(({ id }, at) => changes.findIndex((c) => c.id === id) === at);
    const current = readLock("prod", folder);
    expect(told.map(({ details }) => details.from)).toEqual([
      ...(told.length > 0 ? [null] : []),
      ...told.slice(0, -1).map(({ subject }) => subject),
    ]);
    expect(current?.release).toBe(told.at(-1)?.subject);
  }
  expect(readLock("prod", folder)).toBeDefined();
}, 60_000);

/** Promotes in a process of its own and kills it some milliseconds after it began to change something, the nth time. */
async function killedAfter(nth: number, milliseconds: number): Promise<void> {
  const script = join(import.meta.dirname, "promoting.ts");
  const child = spawn(process.execPath, [script, folder, ...releases], {
    // jest's own copy, with this test's state.
    env: process.env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  for (let begun = 0; begun < nth;) {
    const [dots] = (await once(child.stdout, "data")) as [Buffer];
    begun += dots.length;
  }
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  child.kill("SIGKILL");
  await ended;
}
