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
])("the write key %j belongs to %s", (writeKey, name) => {
  expect(sources.nameOf(writeKey)).toBe(name);
});

test("each source is named once, however many keys it has", () => {
  expect(sources.names).toEqual(["website", "app"]);
});
