import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { followEvents } from "../../../commands/engine/events.ts";

let folder: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "events-"));
  log = join(folder, "events.ndjson");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("hands over each line once, also one that was written in two parts", async () => {
  const seen: number[] = [];
  const stop = followEvents(log, (event) => seen.push(event.sequence));
  writeFileSync(log, '{"sequence":1}\n{"seq');
  appendFileSync(log, 'uence":2}\n{"sequence":3}\n');
  await stop();
  expect(seen).toEqual([1, 2, 3]);
});

test("keeps a character whole that was written in two parts", async () => {
  const seen: string[] = [];
  const bytes = Buffer.from('{"diagnosticEvent":{"message":"größer"}}\n');
  const middle = bytes.indexOf(Buffer.from("ö")) + 1;
  const stop = followEvents(log, (event) => seen.push(event.diagnosticEvent!.message));
  writeFileSync(log, bytes.subarray(0, middle));
  appendFileSync(log, bytes.subarray(middle));
  await stop();
  expect(seen).toEqual(["größer"]);
});

test("a log that was never written has no events", async () => {
  const seen: unknown[] = [];
  await followEvents(log, (event) => seen.push(event))();
  expect(seen).toEqual([]);
});
