import fc from "fast-check";
import { requireLeastRole } from "../../infra/least-role.ts";

test.each([
  "roles/pubsub.publisher",
  "roles/secretmanager.secretAccessor",
  "roles/storage.objectCreator",
])("accepts %s", (role) => {
  expect(() => requireLeastRole("publish", role)).not.toThrow();
});

test.each([
  "roles/owner",
  "roles/editor",
  "roles/viewer",
  "roles/browser",
  "roles/*",
  "roles/pubsub.*",
  "*",
  "",
  "roles/pubsub.admin",
  "roles/storage.objectAdmin",
  "projects/prod-project/roles/everything",
])("fails on the role %j", (role) => {
  expect(() => requireLeastRole("publish", role)).toThrow(
    `role of grant publish must be one of a single Google service and not its administrator's, got ${JSON.stringify(role)}; take a narrow one, as roles/pubsub.publisher`,
  );
});

test("fails on every role with a wildcard", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      expect(() => requireLeastRole("publish", `roles/${before}*${after}`)).toThrow("must be");
    }),
  );
});
