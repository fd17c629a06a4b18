import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { FlagRow } from "../../../../services/collector/flags/flag-row.ts";
import { Flags } from "../../../../services/collector/flags/flags.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { aFlag } from "./a-flag.ts";

const row = (key: string, changes: object = {}, version = 1): FlagRow => ({
  key,
  version,
  flag: { ...aFlag({ key }), ...changes },
});

interface Opened {
  readonly flags: Flags;
  readonly told: string[];
  /** What the next `refresh` reads. */
  rows: readonly FlagRow[] | Error;
}

async function openFlags(folder = temporaryFolder()): Promise<Opened> {
  const told: string[] = [];
  const opened: { rows: Opened["rows"] } = { rows: [] };
  const flags = await Flags.open({
    read: async () => {
      if (opened.rows instanceof Error) throw opened.rows;
      return opened.rows;
    },
    folder,
    onTrouble: (message, error) => told.push(`${message}: ${error.message}`),
  });
  return Object.assign(opened, { flags, told });
}

const keys = (flags: Flags): string[] => [...flags.current.byKey.keys()];

test("flags are what was last read, and a change is told", async () => {
  const opened = await openFlags();
  let changes = 0;
  const end = opened.flags.watch({
    changed: () => (changes += 1),
    ended: () => undefined,
  });
  opened.rows = [row("a"), row("b")];
  await opened.flags.refresh();
  await opened.flags.refresh();
  expect([keys(opened.flags), changes]).toEqual([["a", "b"], 1]);
  opened.rows = [row("b", {}, 2)];
  await opened.flags.refresh();
  expect([keys(opened.flags), changes]).toEqual([["b"], 2]);
  expect(opened.flags.current.byKey.get("b")!.version).toBe(2);
  end();
  opened.rows = [];
  await opened.flags.refresh();
  expect([keys(opened.flags), changes]).toEqual([[], 2]);
});

test("the same declarations have the same revision everywhere", async () => {
  const [one, other] = [await openFlags(), await openFlags()];
  expect(one.flags.current.revision).toBe(other.flags.current.revision);
  one.rows = other.rows = [row("a")];
  await one.flags.refresh();
  expect(one.flags.current.revision).not.toBe(other.flags.current.revision);
  await other.flags.refresh();
  expect(one.flags.current.revision).toBe(other.flags.current.revision);
});

test("a start without the database serves the flags last read", async () => {
  const folder = temporaryFolder();
  const before = await openFlags(folder);
  before.rows = [row("a")];
  await before.flags.refresh();
  const after = await openFlags(folder);
  after.rows = new Error("connection refused");
  await expect(after.flags.refresh()).rejects.toThrow("connection refused");
  expect(keys(after.flags)).toEqual(["a"]);
  expect(after.flags.current.revision).toBe(before.flags.current.revision);
});

test("fails to keep flags with one line, serves them all the same, and keeps them once it can", async () => {
  const folder = temporaryFolder();
  const before = await openFlags(folder);
  const blocked = join(folder, "flags.json.next");
  mkdirSync(blocked);
  before.rows = [row("a")];
  await before.flags.refresh();
  await before.flags.refresh();
  expect(keys(before.flags)).toEqual(["a"]);
  expect(before.told).toEqual([
    expect.stringMatching(
      /^cannot keep flags, a restart without the database would serve older ones: EISDIR/,
    ),
  ]);
  expect(keys((await openFlags(folder)).flags)).toEqual([]);
  rmdirSync(blocked);
  await before.flags.refresh();
  expect(keys((await openFlags(folder)).flags)).toEqual(["a"]);
});

test.each(["", "[", "{}"])("a file that holds %j is as none", async (content) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "flags.json"), content);
  expect(keys((await openFlags(folder)).flags)).toEqual([]);
});

test("fails on a wrong row with one line, and serves the others", async () => {
  const opened = await openFlags();
  opened.rows = [row("a", { rollout: -1 }), row("b"), row("c", { key: "d" }, 2)];
  await opened.flags.refresh();
  await opened.flags.refresh();
  expect(keys(opened.flags)).toEqual(["b"]);
  expect(opened.told).toEqual([
    'flag "a" of version 1 is set aside, declare it anew: rollout must be >= 0, got -1',
    'flag "c" of version 2 is set aside, declare it anew: key must be that of the row, got "d"',
  ]);
});

test("following reads again and again, and tells once that it cannot", async () => {
  const opened = await openFlags();
  const stop = new AbortController();
  opened.rows = new Error("no");
  const following = opened.flags.follow(1, stop.signal);
  await opened.flags.looked;
  expect(opened.told).toEqual(["cannot read flags, the last known are served: no"]);
  opened.rows = [row("a")];
  const ended = jest.fn();
  await new Promise<void>((resolve) => opened.flags.watch({ changed: resolve, ended }));
  expect(keys(opened.flags)).toEqual(["a"]);
  expect(opened.told).toHaveLength(1);
  expect(ended).not.toHaveBeenCalled();
  stop.abort();
  await following;
  expect(ended).toHaveBeenCalledTimes(1);
});
