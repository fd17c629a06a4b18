import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { differingPaths } from "../../../commands/digest/property-paths.ts";

test.each([
  [{ spec: { replicas: 1 } }, { spec: { replicas: 2 } }, ["spec.replicas"]],
  [{ ports: [{ port: 1 }, 2] }, { ports: [{ port: 3 }, 2, 4] }, ["ports[0].port", "ports[2]"]],
  [{ labels: { "a.b/c": 1 } }, { labels: {} }, ['labels["a.b/c"]']],
  [{ a: { b: 1 } }, { a: "text" }, ["a"]],
  [{ a: 1 }, { b: 1 }, ["a", "b"]],
])("%j and %j differ in %j", (before, after, paths) => {
  expect(differingPaths(before, after)).toEqual(paths);
});

const trees = fc.dictionary(fc.string({ unit: fc.constantFrom("a", "b", ".") }), fc.jsonValue());

test("equal values differ in nothing, others in something", () => {
  fc.assert(
    fc.property(trees, trees, (a, b) => {
      expect(differingPaths(a, structuredClone(a))).toEqual([]);
      // Clones, because a prototype is no difference of values.
      if (!isDeepStrictEqual(structuredClone(a), structuredClone(b)))
        expect(differingPaths(a, b).length + differingPaths(b, a).length).toBeGreaterThan(0);
    }),
  );
});
