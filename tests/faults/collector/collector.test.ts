import { jumpClock } from "./clock-jumps.ts";
import { corruptRecords } from "./corrupt-records.ts";
import { disturbDatabase } from "./database-away.ts";
import { fillDisk } from "./disk-full.ts";
import { sendHostile } from "./hostile-neighbours.ts";
import { killCollector } from "./kills.ts";
import { loseAnswers } from "./lost-answers.ts";
import { overlapCollectors } from "./overlaps.ts";
import { eachInASetting } from "./setting.ts";

const setting = eachInASetting();
jest.setTimeout(7_200_000);

test("a thousand kills at random points lose no acknowledged event and repeat none", async () => {
  const kills = await killCollector(setting(), 1_000);
  process.stderr.write(`${kills.events} events acknowledged\n`);
  expect(kills.discrepancies).toEqual([]);
});

test("two hundred collectors that begin while another still has their spool lose no acknowledged event", async () => {
  const overlaps = await overlapCollectors(setting(), 200);
  process.stderr.write(`${overlaps.events} events acknowledged\n`);
  expect(overlaps.discrepancies).toEqual([]);
});

test("ten thousand events whose answers were lost are stored once", async () => {
  expect(await loseAnswers(setting(), 10_000)).toEqual([]);
});

test("a database that is stopped, restarted and frozen a hundred times loses and refuses nothing", async () => {
  expect(await disturbDatabase(setting(), 100, 3_000)).toEqual({
    refusals: [],
    discrepancies: [],
  });
});

test("a database that is frozen for longer than one batch may take loses and refuses nothing", async () => {
  expect(await disturbDatabase(setting(), 3, 150_000)).toEqual({
    refusals: [],
    discrepancies: [],
  });
});

test("a disk that is full fifty times loses nothing, and taking up needs no restart", async () => {
  expect(await fillDisk(setting(), 50)).toEqual({
    refusals: [503],
    withoutRetryAfter: [],
    discrepancies: [],
  });
});

test("of two hundred changed bytes on the disk each costs one event its place, and no event its bytes", async () => {
  const { setAside, lost } = await corruptRecords(setting(), 200);
  expect(lost).toEqual([]);
  expect(setAside).toBeGreaterThan(100);
});

test("a clock that jumps a hundred times changes nothing of what is stored", async () => {
  expect(await jumpClock(setting(), 100)).toEqual({ days: [-3, 0, 400], discrepancies: [] });
});

test("a hundred gzip bombs and a thousand slow bodies hold up no honest client", async () => {
  const { peakMib, ...rest } = await sendHostile(setting(), {
    bombs: 100,
    slow: 1_000,
    slowMs: 20_000,
  });
  expect(rest).toEqual({
    bombs: [413],
    bombsKept: 100,
    slow: [200],
    honest: [200],
    discrepancies: [],
  });
  expect(peakMib).toBeLessThan(256);
});

test("a thousand bodies that are too slow are ended, and hold up no honest client", async () => {
  const { slow, honest, discrepancies } = await sendHostile(setting(), {
    bombs: 0,
    slow: 1_000,
    slowMs: 90_000,
  });
  expect({ slow, honest, discrepancies }).toEqual({
    slow: [408],
    honest: [200],
    discrepancies: [],
  });
});
