import * as fc from "fast-check";
import { GeneratedSecret } from "../../infra/generated-secret.ts";
import { registrationsOf } from "../mocks.ts";

const spec = { length: 40, purpose: "is a test" };
const generatedBy = async (generations: Record<string, number[]>): Promise<string[]> =>
  (await registrationsOf(() => new GeneratedSecret("key", spec, generations, {}))).map(
    ({ path }) => path.split("::")[1]!,
  );

test.each([
  ["nothing", {}, ["key"]],
  ["another secret", { other: [3] }, ["key"]],
  ["a rotation under way", { key: [1, 0] }, ["key", "key.1"]],
  ["a finished rotation", { key: [1] }, ["key.1"]],
  ["the next rotation", { key: [2, 1] }, ["key.1", "key.2"]],
])("with %s declared it generates %j: %j", async (_what, generations, names) => {
  expect((await generatedBy(generations as Record<string, number[]>)).sort()).toEqual(names);
});

test("letters and digits only, and each kind at least once where they must be mixed", async () => {
  const inputsWith = async (mixed?: boolean) =>
    (
      await registrationsOf(
        () => new GeneratedSecret("key", { ...spec, ...(mixed && { mixed }) }, {}, {}),
      )
    )[0]!.inputs;
  expect(await inputsWith()).toEqual({ length: 40, special: false });
  expect(await inputsWith(true)).toEqual({
    length: 40,
    special: false,
    minLower: 1,
    minUpper: 1,
    minNumeric: 1,
  });
});

/** The secret as it is declared at one moment, without asking an engine for its values. */
function declared(generations: number[]): Promise<GeneratedSecret> {
  return new Promise((resolve, reject) => {
    registrationsOf(() => {
      resolve(new GeneratedSecret("key", spec, { key: generations }, {}));
    }).catch(reject);
  });
}

test("a revision changes exactly when the value or its presence does", async () => {
  const moment = fc
    .tuple(fc.nat(5), fc.boolean())
    .map(([number, both]) => (both && number > 0 ? [number, number - 1] : [number]));
  await fc.assert(
    fc.asyncProperty(moment, moment, async (before, after) => {
      const [a, b] = [await declared(before), await declared(after)];
      for (const part of ["newest", "previous", "oldest"] as const) {
        const isSame = a[part]?.number === b[part]?.number;
        expect([before, after, part, a[part]?.revision === b[part]?.revision]).toEqual([
          before,
          after,
          part,
          isSame,
        ]);
      }
      const both = (secret: GeneratedSecret) => secret.all(() => "").revision;
      expect(both(a) === both(b)).toBe(JSON.stringify(before) === JSON.stringify(after));
    }),
    { numRuns: 60 },
  );
});
