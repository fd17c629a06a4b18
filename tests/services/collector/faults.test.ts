import { Analytics } from "@segment/analytics-node";

import { waitFor } from "../../../local/wait.ts";
import { jumpClock } from "../../faults/collector/clock-jumps.ts";
import { corruptRecords } from "../../faults/collector/corrupt-records.ts";
import { disturbDatabase } from "../../faults/collector/database-away.ts";
import { fillDisk, startOnSmallDisk } from "../../faults/collector/disk-full.ts";
import { WRITE_KEY } from "../../faults/collector/honest-clients.ts";
import { sendHostile } from "../../faults/collector/hostile-neighbours.ts";
import { killCollector } from "../../faults/collector/kills.ts";
import { loseAnswers } from "../../faults/collector/lost-answers.ts";
import { overlapCollectors } from "../../faults/collector/overlaps.ts";
import { eachInASetting } from "../../faults/collector/setting.ts";

// Short versions; `npm run test:faults` has the long ones.
const setting = eachInASetting();
jest.setTimeout(120_000);

test("ten kills at random points lose no acknowledged event and repeat none", async () => {
  const kills = await killCollector(setting(), 10);
  expect(kills.discrepancies).toEqual([]);
  expect(kills.events).toBeGreaterThan(0);
});

test("a collector that begins while another still has its spool loses no acknowledged event", async () => {
  const overlaps = await overlapCollectors(setting(), 5);
  expect(overlaps.discrepancies).toEqual([]);
  expect(overlaps.events).toBeGreaterThan(0);
});

test("an event whose answer was lost is sent again and stored once", async () => {
  expect(await loseAnswers(setting(), 100)).toEqual([]);
});

test("a database that is stopped, restarted or frozen delays events and refuses none", async () => {
  expect(await disturbDatabase(setting(), 3, 1_000)).toEqual({ refusals: [], discrepancies: [] });
});

test("a full disk is answered with 503 and a time to try again, and taking up needs no restart", async () => {
  expect(await fillDisk(setting(), 2)).toEqual({
    refusals: [503],
    withoutRetryAfter: [],
    discrepancies: [],
  });
});

test("an official SDK that a full disk refuses sends again, and its event is stored", async () => {
  const { database, url } = setting();
  const { collector, fill, clear } = await startOnSmallDisk(setting());
  fill();
  const analytics = new Analytics({ writeKey: WRITE_KEY, host: url, maxRetries: 10 });
  const errors: unknown[] = [];
  analytics.on("error", (error) => errors.push(error));
  analytics.track({ messageId: "refused", event: "Order Completed", userId: "user-1" });
  const flushed = analytics.closeAndFlush();
  await waitFor("the event refused", 30, async () =>
    collector.output().includes("cannot take events") ? true : undefined,
  );
  clear();
  await flushed;
  expect(errors).toEqual([]);
  await waitFor("the event stored", 30, async () => {
    const { rows } = await database.admin.query("SELECT id FROM events.event");
    return rows.length === 1 && rows[0].id === "refused" ? true : undefined;
  });
});

test("records that changed on the disk are set aside byte for byte, all others are stored", async () => {
  const { setAside, lost } = await corruptRecords(setting(), 5);
  expect(lost).toEqual([]);
  expect(setAside).toBeGreaterThan(0);
});

test("a clock that jumps changes when events were received, not whether and how often they are stored", async () => {
  expect(await jumpClock(setting(), 4)).toEqual({ days: [-3, 0, 400], discrepancies: [] });
});

test("gzip bombs and slow bodies hold up no honest client", async () => {
  const { peakMib, ...rest } = await sendHostile(setting(), { bombs: 5, slow: 100, slowMs: 2_000 });
  expect(rest).toEqual({
    bombs: [413],
    bombsKept: 5,
    slow: [200],
    honest: [200],
    discrepancies: [],
  });
  expect(peakMib).toBeLessThan(256);
});
