import type pg from "pg";

import { discrepancies } from "../../faults/collector/checker.ts";
import type { Heard } from "../../faults/collector/honest-clients.ts";

const heard: Heard = {
  acknowledged: new Map([
    ["1", "a"],
    ["2", "b"],
  ]),
  statuses: new Map(),
  withoutRetryAfter: [],
};

/** A database that holds these events and bad rows. */
const holding = (events: object[], badRows: object[] = []): pg.Pool =>
  ({
    query: async (sql: string) => {
      if (sql.includes("count(*)")) return { rows: [{ count: Infinity }] };
      return { rows: sql.includes("bad_row") ? badRows : events };
    },
  }) as unknown as pg.Pool;

const first = { source: "website", id: "1", text: "a" };
const second = { source: "website", id: "2", text: "b" };

test("each acknowledged event, as it was sent and once, is no discrepancy", async () => {
  expect(await discrepancies(heard, holding([second, first]))).toEqual([]);
});

test.each([
  ["an event that is lost", [first], [], "2 was acknowledged and is not stored"],
  [
    "an event that is there twice",
    [first, second, first],
    [],
    "1 must be stored once, got another",
  ],
  ["an event of another source", [first, { ...second, source: "app" }], [], "app 2 was never sent"],
  [
    "an event that nobody sent",
    [first, second, { ...first, id: "3" }],
    [],
    "website 3 was never sent",
  ],
  [
    "an event with another text",
    [first, { ...second, text: "c" }],
    [],
    "2 must be stored as it was sent",
  ],
  ["what was set aside", [first, second], [{ reason: "why" }], "set aside: why"],
])("fails on %s", async (_, events, badRows, line) => {
  expect(await discrepancies(heard, holding(events, badRows))).toEqual([line]);
});
