import { StackNamespace } from "../../infra/stack-namespace.ts";
import { registrationsOf } from "../mocks.ts";
import { protectedBy } from "./protected-by.ts";

test("creates one namespace that enforces restricted pods", async () => {
  expect(
    await registrationsOf(() => new StackNamespace("dev", { name: "dev", protectData: false })),
  ).toEqual([
    { path: "marketing-stack:infra:StackNamespace::dev", inputs: {} },
    {
      path: "marketing-stack:infra:StackNamespace$kubernetes:core/v1:Namespace::dev",
      inputs: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          name: "dev",
          labels: {
            "app.kubernetes.io/part-of": "marketing-stack",
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
      },
    },
  ]);
});

test("fails on a name that is no DNS label", async () => {
  await expect(
    registrationsOf(() => new StackNamespace("dev", { name: "Dev_1", protectData: false })),
  ).rejects.toThrow(
    'name must be 1-63 characters of [a-z0-9-] and start and end with a letter or digit, got "Dev_1"',
  );
});

test.each([
  [true, ["kubernetes:core/v1:Namespace::prod"]],
  [false, []],
])("with protectData %s protects %j", async (protectData, resources) => {
  expect(
    await protectedBy((opts) => new StackNamespace("prod", { name: "prod", protectData }, opts)),
  ).toEqual(resources);
});
