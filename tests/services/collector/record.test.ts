import fc from "fast-check";

import {
  encodeRecord,
  RECORD_KINDS,
  scanRecords,
  tornTailStart,
} from "../../../services/collector/record.ts";

const payloads = fc.array(fc.json(), { minLength: 1, maxLength: 10 });

const encoded = (jsons: readonly string[]): Buffer[] =>
  jsons.map((json, index) => encodeRecord(RECORD_KINDS.event, json, index));

const read = (bytes: Buffer): string[] =>
  [...scanRecords(bytes)].map(({ kind, payload }) =>
    kind === "corrupt" ? "corrupt" : payload.toString(),
  );

test("records are read as they were written", () => {
  fc.assert(
    fc.property(payloads, (jsons) => {
      const found = [...scanRecords(Buffer.concat(encoded(jsons)))];
      expect(found.map(({ payload }) => payload.toString())).toEqual(jsons);
      expect(found.map((one) => one.kind !== "corrupt" && one.writtenAt)).toEqual(
        jsons.map((_, i) => i),
      );
    }),
  );
});

test("a write cut short anywhere leaves exactly the records before it", () => {
  fc.assert(
    fc.property(payloads, fc.double({ min: 0, max: 1, noNaN: true }), (jsons, share) => {
      const records = encoded(jsons);
      const bytes = Buffer.concat(records);
      const cut = bytes.subarray(0, Math.floor(bytes.length * share));
      const whole = cut.subarray(0, tornTailStart(cut));
      let count = 0;
      for (let end = 0; count < records.length && (end += records[count]!.length) <= cut.length;)
        count += 1;
      expect(read(whole)).toEqual(jsons.slice(0, count));
    }),
  );
});

test("zeros behind the last record are a write cut short", () => {
  const [record] = encoded(['"event"']);
  expect(tornTailStart(Buffer.concat([record!, Buffer.alloc(4096)]))).toBe(record!.length);
});

test("a changed byte costs the record it is in, and no other", () => {
  fc.assert(
    fc.property(payloads, fc.nat(), fc.integer({ min: 1, max: 255 }), (jsons, at, change) => {
      const records = encoded(jsons);
      const bytes = Buffer.concat(records);
      const changed = at % bytes.length;
      bytes[changed] = bytes[changed]! ^ change;
      let hit = 0;
      for (let end = records[0]!.length; end <= changed; end += records[hit]!.length) hit += 1;
      expect(read(bytes)).toEqual(jsons.map((json, index) => (index === hit ? "corrupt" : json)));
    }),
  );
});

test("what lies around records does not hide them", () => {
  fc.assert(
    fc.property(fc.uint8Array(), payloads, fc.uint8Array(), (before, jsons, after) => {
      const bytes = Buffer.concat([before, ...encoded(jsons), after]);
      const found = [...scanRecords(bytes)];
      expect(found.at(-1)!.end).toBe(bytes.length);
      expect(read(bytes).filter((one) => one !== "corrupt")).toEqual(jsons);
    }),
  );
});
