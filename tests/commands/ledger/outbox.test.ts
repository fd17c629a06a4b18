import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { ownState } from "../own-state.ts";
import { changeNow } from "../../../commands/ledger/change.ts";
import {
  drainOutbox,
  outboxPath,
  recordChange,
  waitingChanges,
} from "../../../commands/ledger/outbox.ts";

afterEach(() => rmSync(ownState, { recursive: true, force: true }));

const promotion = (subject: string) =>
  changeNow({ kind: "promotion", environment: "prod", subject, details: {} });

test("changes wait in order, also those that are recorded at once", async () => {
  const changes = ["a", "b", "c"].map(promotion);
  for (const change of changes) await recordChange(change);
  expect(await waitingChanges("prod")).toEqual(changes);
  const atOnce = ["d", "e", "f"].map(promotion);
  await Promise.all(atOnce.map(recordChange));
  const ids = (await waitingChanges("prod")).map(({ id }) => id);
  expect(ids.sort()).toEqual([...changes, ...atOnce].map(({ id }) => id).sort());
});

test("an environment of which nothing waits has no outbox", async () => {
  expect(await waitingChanges("prod")).toEqual([]);
  expect(await drainOutbox("prod", () => Promise.reject(new Error("unused")))).toBe(0);
});

test("what was stored waits no more, what came meanwhile does", async () => {
  await recordChange(promotion("a"));
  const late = promotion("late");
  expect(await drainOutbox("prod", () => recordChange(late))).toBe(1);
  expect(await waitingChanges("prod")).toEqual([late]);
  expect(await drainOutbox("prod", async () => undefined)).toBe(1);
  expect(existsSync(outboxPath("prod"))).toBe(false);
});

test("fails with the store's error and keeps everything", async () => {
  const change = promotion("a");
  await recordChange(change);
  const down = Promise.reject(new Error("database is down"));
  await expect(drainOutbox("prod", () => down)).rejects.toThrow("database is down");
  expect(await waitingChanges("prod")).toEqual([change]);
});

test("a line that a kill tore off is skipped, and what follows is kept whole", async () => {
  const [first, second] = [promotion("a"), promotion("b")];
  await recordChange(first);
  appendFileSync(outboxPath("prod"), '{"id":"torn');
  await recordChange(second);
  expect(await waitingChanges("prod")).toEqual([first, second]);
  expect(readFileSync(outboxPath("prod"), "utf8").split("\n")[1]).toBe('{"id":"torn');
});
