import fc from "fast-check";
import { grownBeyond } from "../../../commands/digest/grown.ts";
import { anyChanges, change, digest } from "./digests.ts";

const approved = change({ op: "update", paths: ["spec.replicas"], values: "one" });

test.each([
  ["what was approved", approved, []],
  ["another value", { ...approved, values: "two" }, ["gets other values"]],
  [
    "another operation",
    { ...approved, op: "replace" as const },
    ["replace instead of the approved update"],
  ],
  [
    "another property",
    { ...approved, paths: ["spec.paused", "spec.replicas"], values: "two" },
    ["also changes spec.paused"],
  ],
  [
    "a replacement by the same property",
    { ...approved, replacedBy: ["spec.replicas"] },
    ["is now replaced by spec.replicas"],
  ],
  ["a loss of protection", { ...approved, losesProtection: true }, ["also loses its protection"]],
])("%s against the approved change", (_, now, growth) => {
  expect(grownBeyond(digest([approved]), digest([now]))).toEqual(
    growth.map((sentence) => `kubernetes:apps/v1:Deployment cms: ${sentence}`),
  );
});

test("a deletion that nobody approved is named with its resource", () => {
  const deletion = change({ type: "kubernetes:core/v1:Namespace", name: "dev", op: "delete" });
  expect(grownBeyond(digest([approved]), digest([approved, deletion]))).toEqual([
    "kubernetes:core/v1:Namespace dev: delete was not approved",
  ]);
});

test("an approved deletion that would no longer be refused, or no longer leave the data, is more", () => {
  const kept = change({ op: "delete", isProtected: true, isRetained: true });
  const now = { ...kept, isProtected: false, isRetained: false };
  expect(grownBeyond(digest([kept]), digest([now]))).toEqual([
    "kubernetes:apps/v1:Deployment cms: is protected no longer; is kept no longer when it is deleted",
  ]);
});

test("every part of what was approved is within it", () => {
  fc.assert(
    fc.property(
      anyChanges.chain((changes) => fc.tuple(fc.constant(changes), fc.subarray(changes))),
      ([changes, part]) => {
        expect(grownBeyond(digest(changes), digest(part))).toEqual([]);
      },
    ),
  );
});

test("every change more than what was approved is named once", () => {
  fc.assert(
    fc.property(
      anyChanges.chain((changes) => fc.tuple(fc.constant(changes), fc.subarray(changes))),
      ([changes, part]) => {
        expect(grownBeyond(digest(part), digest(changes))).toHaveLength(
          changes.length - part.length,
        );
      },
    ),
  );
});
