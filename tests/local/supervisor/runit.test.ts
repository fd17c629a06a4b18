import { parseRunitStatus } from "../../../local/supervisor/runit.ts";

function status(state: number): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.writeBigUInt64BE(4_611_686_018_427_387_914n + 1_795_447_943n, 0);
  bytes.writeUInt32BE(250_000_000, 8);
  bytes.writeUInt32LE(4242, 12);
  bytes[19] = state;
  return bytes;
}

test.each([
  [0, "down"],
  [1, "run"],
  [2, "finish"],
])("state %d is %s", (state, name) => {
  expect(parseRunitStatus(status(state))).toEqual({
    state: name,
    pid: 4242,
    since: 1_795_447_943_250,
  });
});

test("fails on a status that is cut short", () => {
  expect(() => parseRunitStatus(Buffer.alloc(18))).toThrow(
    "runit's status must be 20 bytes, got 18",
  );
});
