import { asksForDrafts } from "../../../services/cms/src/draft-guard.ts";

test.each([
  ["nothing", undefined],
  ["published", "published"],
])("the public may ask for %s", (_, status) => {
  expect(asksForDrafts(status, undefined)).toBe(false);
});

test.each([
  ["draft", "draft"],
  ["an unknown word", "all"],
  ["an empty status", ""],
  ["a repeated parameter", ["published", "draft"]],
  ["a nested parameter", { $eq: "draft" }],
])("fails for the public on %s, and for a logged-in site user", (_, status) => {
  expect(asksForDrafts(status, undefined)).toBe(true);
  expect(asksForDrafts(status, "users-permissions")).toBe(true);
});

test("the holder of an API token may ask for drafts", () => {
  expect(asksForDrafts("draft", "content-api-token")).toBe(false);
});
