import { Sources } from "../../../services/collector/sources.ts";

const sources = new Sources([
  { name: "website", writeKey: "WRITE_KEY", previousWriteKey: "OLDER_KEY" },
  { name: "app", writeKey: "APP_WRITE_KEY" },
]);

test.each([
  ["WRITE_KEY", "website"],
  ["OLDER_KEY", "website"],
  ["APP_WRITE_KEY", "app"],
  ["WRITE_KE", undefined],
  ["", undefined],
  ["WRITE_KEY\0", undefined],
  // Its lower bytes are those of a write key.
  ["WRITE_KE\u0159", undefined],
  [`WRITE_KEY${"_".repeat(120)}`, undefined],
])("the write key %j belongs to %s", (writeKey, name) => {
  expect(sources.find(writeKey)?.name).toBe(name);
});

test("each source is named once, however many keys it has", () => {
  expect(sources.names).toEqual(["website", "app"]);
});
