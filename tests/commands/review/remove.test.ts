import { ownState } from "../own-state.ts";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeExpired } from "../../../commands/review/remove.ts";
import { withStackLock } from "../../../commands/engine/stack-lock.ts";
import { standInEngine, type Answers } from "../engine/stand-in-engine.ts";

const STACK = "review-spring";

let folder: string;
let give: (answers: Answers) => void;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "review-"));
  give = standInEngine(folder);
  mkdirSync(ownState, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nothingMustGo = { step: () => Promise.reject(new Error("nothing must be removed")) };
const removed = () =>
  removeExpired(STACK, { PATH: `${folder}:${process.env.PATH}` }, nothingMustGo);

const expiring = (at: Date): Answers => ({
  "stack ls": [{ name: STACK }],
  "stack tag ls": { "marketing-stack:expires-at": at.toISOString() },
});

test("a review whose expiry was renewed since it was looked at stays", async () => {
  const renewed = new Date(Date.now() + 3_600_000);
  give(expiring(renewed));
  expect(await removed()).toEqual(renewed);
});

test("one that is gone by then is gone", async () => {
  give({ "stack ls": [] });
  expect(await removed()).toBeUndefined();
});

test("one that has expired still goes", async () => {
  give(expiring(new Date(Date.now() - 1000)));
  await expect(removed()).rejects.toThrow("nothing must be removed");
});

test("fails on one that another command deploys", async () => {
  give(expiring(new Date(Date.now() - 1000)));
  await withStackLock(STACK, async () => {
    await expect(removed()).rejects.toThrow(`stack ${STACK} is being changed by process`);
  });
});
