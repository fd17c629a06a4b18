import { sourcesTable } from "../../../commands/sources/table.ts";

test("each source is listed with what it may do, and how many keys it has", () => {
  expect(
    sourcesTable({
      sources: ["website", "app"],
      sourceRules: {
        website: { origins: ["https://shop.example"], eventsPerSecond: 500, retentionDays: 400 },
      },
      generations: { "collector-app": [1, 0] },
    }),
  ).toBe(
    [
      "SOURCE   WRITE KEYS                      ORIGINS               DIALECTS  EVENTS A SECOND  KEPT",
      "website  one                             https://shop.example  any       500              400 days",
      "app      two, the former until --retire  any                   any       any              for ever",
    ].join("\n"),
  );
});
