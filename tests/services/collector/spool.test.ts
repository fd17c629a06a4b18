import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { open as openFile } from "node:fs/promises";
import { join } from "node:path";

import fc from "fast-check";

import { encodeRecord, RECORD_KINDS } from "../../../services/collector/record.ts";
import { Spool, SpoolUnavailable } from "../../../services/collector/spool.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const record = (json: string): Buffer => encodeRecord(RECORD_KINDS.event, json, Date.now());

const open = (folder: string, segmentBytes?: number): Promise<Spool> =>
  Spool.open({ folder, maxBytes: 1024 * 1024, segmentBytes });

const segmentsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".segment"))
    .sort()
    .map((name) => join(folder, name));

/** Reads and drains everything, `maxRecords` at a time. */
async function drained(
  spool: Spool,
  maxRecords = Infinity,
  maxBytes = Infinity,
): Promise<string[]> {
  const texts: string[] = [];
  while (spool.bytes > 0) {
    const { found, end } = await spool.read(maxBytes, maxRecords);
    for (const { kind, payload } of found) {
      texts.push(kind === "corrupt" ? "corrupt" : payload.toString());
    }
    await spool.advance(end);
  }
  return texts;
}

test("what was appended is read in order, over any number of segments and restarts", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.json({ maxDepth: 1 }), { minLength: 1, maxLength: 5 }), {
        maxLength: 8,
      }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (requests, segmentBytes, maxRecords, restart) => {
        const folder = temporaryFolder();
        let spool = await open(folder, segmentBytes);
        for (const jsons of requests) {
          await spool.append(jsons.map(record));
          if (!restart) continue;
          await spool.close();
          spool = await open(folder, segmentBytes);
        }
        expect(await drained(spool, maxRecords)).toEqual(requests.flat());
        expect(spool.oldestSeconds).toBe(0);
        await spool.close();
        expect(segmentsIn(folder)).toEqual([]);
      },
    ),
    { numRuns: 30 },
  );
}, 30_000);

test("appends and drains that interleave lose nothing and repeat nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("append", "drain", "read ahead", "restart"), { maxLength: 30 }),
      fc.integer({ min: 1, max: 120 }),
      async (steps, segmentBytes) => {
        const folder = temporaryFolder();
        let spool = await open(folder, segmentBytes);
        const sent: string[] = [];
        const got: string[] = [];
        for (const step of steps) {
          if (step === "append") {
            sent.push(String(sent.length));
            await spool.append([record(sent.at(-1)!)]);
          } else if (step === "drain") {
            const { found, end } = await spool.read(Infinity, 2);
            got.push(...found.map(({ payload }) => payload.toString()));
            await spool.advance(end);
          } else if (step === "read ahead") {
            const first = await spool.read(Infinity, 2);
            const second = await spool.read(Infinity, 2, first.end);
            expect(second.found.length > 0).toBe(first.hasMore);
            for (const { found, end } of [first, second]) {
              got.push(...found.map(({ payload }) => payload.toString()));
              await spool.advance(end);
            }
          } else {
            await spool.close();
            spool = await open(folder, segmentBytes);
          }
        }
        got.push(...(await drained(spool)));
        expect(got).toEqual(sent);
        await spool.close();
      },
    ),
    { numRuns: 30 },
  );
}, 30_000);

test("requests that come together share a sync", async () => {
  const spool = await open(temporaryFolder());
  await Promise.all(Array.from({ length: 500 }, (_, i) => spool.append([record(String(i))])));
  expect(spool.syncs).toBe(1);
  expect(await drained(spool)).toHaveLength(500);
  await spool.close();
});

test("what a crash left half written is cut, what was whole is kept", async () => {
  const folder = temporaryFolder();
  const spool = await open(folder);
  await spool.append([record('"one"'), record('"two"')]);
  const [file] = segmentsIn(folder);
  appendFileSync(file!, record('"three"').subarray(0, 25));
  const again = await open(folder);
  expect(await drained(again)).toEqual(['"one"', '"two"']);
  await Promise.all([spool.close(), again.close()]);
});

test("a corrupt record is found as such, those around it are kept", async () => {
  const folder = temporaryFolder();
  const spool = await open(folder);
  await spool.append(['"one"', '"two"', '"three"'].map(record));
  await spool.close();
  const [file] = segmentsIn(folder);
  const bytes = readFileSync(file!);
  bytes[record('"one"').length + 22]! ^= 1;
  writeFileSync(file!, bytes);
  const again = await open(folder);
  expect(await drained(again)).toEqual(['"one"', "corrupt", '"three"']);
  await again.close();
});

test("a read of few bytes takes whole records, at least one, and tells a break from an end", async () => {
  const folder = temporaryFolder();
  const spool = await open(folder);
  const texts = ['"one"', '"two"', '"three"'];
  await spool.append(texts.map(record));
  const file = segmentsIn(folder)[0]!;
  const bytes = readFileSync(file);
  bytes[record('"one"').length + 22]! ^= 1;
  writeFileSync(file, bytes);
  for (const maxBytes of [1, 27, 40, 60]) {
    const { found } = await spool.read(maxBytes, Infinity);
    expect(found[0]!.payload.toString()).toBe('"one"');
  }
  expect(await drained(spool, 1, 10)).toEqual(['"one"', "corrupt", '"three"']);
  await spool.close();
});

test("a segment that lost its end under a running spool does not stop it", async () => {
  const folder = temporaryFolder();
  const spool = await open(folder);
  await spool.append(['"one"', '"two"'].map(record));
  truncateSync(segmentsIn(folder)[0]!, record('"one"').length);
  expect(await drained(spool)).toEqual(['"one"']);
  await spool.append([record('"three"')]);
  expect(await drained(spool)).toEqual(['"three"']);
  await spool.close();
});

test("a segment that is gone from a running spool does not stop it, nor is what comes next lost with it", async () => {
  const folder = temporaryFolder();
  let spool = await open(folder, 1);
  for (const text of ['"one"', '"two"', '"three"']) await spool.append([record(text)]);
  const bytes = record('"one"').length;
  for (const path of segmentsIn(folder).slice(0, 2)) rmSync(path);
  expect(await spool.read(Infinity, Infinity)).toMatchObject({ found: [], lostBytes: bytes });
  expect(await drained(spool)).toEqual(['"three"']);

  await spool.close();

  spool = await open(folder);
  await spool.append([record('"four"')]);
  rmSync(segmentsIn(folder).at(-1)!);
  expect(await drained(spool)).toEqual([]);
  await spool.sealOlderThan(3_600);
  await spool.append([record('"five"')]);
  expect(await drained(spool)).toEqual(['"five"']);
  await spool.close();
});

test("fails on a segment that the disk does not give, and reads it once it does", async () => {
  const folder = temporaryFolder();
  const spool = await open(folder);
  await spool.append([record('"one"')]);
  const [segment] = segmentsIn(folder);
  renameSync(segment!, `${segment}.away`);
  mkdirSync(segment!);
  await expect(drained(spool)).rejects.toThrow("EISDIR");
  rmdirSync(segment!);
  renameSync(`${segment}.away`, segment!);
  expect(await drained(spool)).toEqual(['"one"']);
  await spool.close();
});

test("a drained part is not read again after a restart", async () => {
  const folder = temporaryFolder();
  const spool = await open(folder);
  await spool.append(['"one"', '"two"'].map(record));
  const { end } = await spool.read(Infinity, 1);
  await spool.advance(end);
  await spool.close();
  const again = await open(folder);
  expect(await drained(again)).toEqual(['"two"']);
  await again.close();
});

test.each(["", "{", "[]", '{"segment":1,"offset":-1}', '{"segment":99,"offset":7}'])(
  "a position file with %j costs a repetition, no record",
  async (content) => {
    const folder = temporaryFolder();
    const spool = await open(folder);
    await spool.append([record('"one"')]);
    await spool.close();
    writeFileSync(join(folder, "position.json"), content);
    const again = await open(folder);
    expect(await drained(again)).toEqual(['"one"']);
    await again.close();
  },
);

test("fails with SpoolUnavailable while too much waits, and goes on once it is drained", async () => {
  const spool = await Spool.open({ folder: temporaryFolder(), maxBytes: 30 });
  await spool.append([record('"one is more than enough"')]);
  await expect(spool.append([record('"two"')])).rejects.toThrow(SpoolUnavailable);
  expect(await spool.problem()).toMatch(/bytes wait to be drained, the most allowed are 30/);
  await drained(spool);
  await spool.append([record('"two"')]);
  expect(await drained(spool)).toEqual(['"two"']);
  await spool.close();
});

test("the age of the oldest record counts from when it was written, also after a restart", async () => {
  const folder = temporaryFolder();
  const spool = await open(folder);
  await spool.append([encodeRecord(RECORD_KINDS.event, "1", Date.now() - 60_000)]);
  await spool.close();
  const again = await open(folder);
  await again.read(Infinity, Infinity);
  expect(again.oldestSeconds).toBeGreaterThanOrEqual(60);
  await again.close();
});

test("what is read ahead is the oldest only once what lies before it is drained", async () => {
  const spool = await open(temporaryFolder());
  const ages = [3600, 60];
  await spool.append(
    ages.map((age) => encodeRecord(RECORD_KINDS.event, "1", Date.now() - age * 1000)),
  );
  const { end } = await spool.read(Infinity, 1);
  await spool.read(Infinity, 1, end);
  expect(spool.oldestSeconds).toBeGreaterThanOrEqual(3600);
  await spool.advance(end);
  expect(spool.oldestSeconds).toBeLessThan(3600);
  expect(spool.oldestSeconds).toBeGreaterThanOrEqual(60);
  await spool.close();
});

test("fails while the folder is away, says why, and goes on once it is back", async () => {
  const folder = temporaryFolder();
  const spool = await open(folder);
  rmSync(folder, { recursive: true });
  await expect(spool.append([record('"one"')])).rejects.toThrow(SpoolUnavailable);
  expect(await spool.problem()).toMatch(/^the spool cannot be written: ENOENT/);
  mkdirSync(folder);
  expect(await spool.problem()).toBeUndefined();
  await spool.append([record('"two"')]);
  expect(await drained(spool)).toEqual(["", '"two"']);
  await spool.close();
});

test("a disk that takes nothing and removes nothing is unavailable, and is used again once it does", async () => {
  const folder = temporaryFolder();
  const spool = await open(folder);
  await spool.append([record('"one"')]);
  expect(await drained(spool)).toEqual(['"one"']);
  const [segment] = segmentsIn(folder);
  const handle = await openFile(segment!);
  const write = jest.spyOn(Object.getPrototypeOf(handle), "write");
  await handle.close();
  write.mockRejectedValueOnce(new Error("EIO: i/o error"));
  // What cannot be removed as a file.
  rmSync(segment!);
  mkdirSync(segment!);
  await expect(spool.append([record('"two"')])).rejects.toThrow(SpoolUnavailable);
  await spool.append([record('"three"')]);
  expect(await drained(spool)).toEqual(['"three"']);
  await spool.close();
});

// A file system of its own can be mounted by root only.
(process.getuid?.() === 0 ? test : test.skip)(
  "fails while the disk is full, keeps what it accepted, and goes on once there is room",
  async () => {
    const folder = temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]);
    try {
      const spool = await open(folder, 64 * 1024);
      const text = JSON.stringify("x".repeat(10_000));
      let accepted = 0;
      const fill = async (): Promise<never> => {
        for (;;) {
          await spool.append([record(text)]);
          accepted += 1;
        }
      };
      await expect(fill()).rejects.toThrow("the spool cannot be written: ENOSPC");
      expect(accepted).toBeGreaterThan(10);
      expect(await spool.problem()).toContain("ENOSPC");

      expect(await drained(spool, 2)).toEqual(Array(accepted).fill(text));
      expect(await spool.problem()).toBeUndefined();
      await spool.append([record('"again"')]);
      expect(await drained(spool)).toEqual(["", '"again"']);
      await spool.close();
    } finally {
      execFileSync("umount", [folder]);
    }
  },
);

test("a segment that is old is ended: what is drained goes from the disk, what waits stays", async () => {
  const folder = temporaryFolder();
  const spool = await open(folder);
  await spool.append([record('"ada"')]);
  await drained(spool);
  expect(segmentsIn(folder).map((path) => readFileSync(path).includes("ada"))).toEqual([true]);
  await spool.sealOlderThan(3_600);
  expect(segmentsIn(folder)).toHaveLength(1);
  await spool.sealOlderThan(0);
  expect(segmentsIn(folder)).toEqual([]);

  await spool.append([record('"bob"')]);
  await Promise.all([spool.sealOlderThan(0), spool.append([record('"cleo"')])]);
  expect(await drained(spool)).toEqual(['"bob"', '"cleo"']);
  await spool.sealOlderThan(0);
  expect(segmentsIn(folder)).toEqual([]);
  await spool.append([record('"dan"')]);
  await spool.close();
  expect(await drained(await open(folder))).toEqual(['"dan"']);
});
