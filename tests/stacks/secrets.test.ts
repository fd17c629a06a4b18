import { generationProblems } from "../../stacks/generations.ts";
import { generatedSecrets } from "../../stacks/secrets.ts";
import { registrationsOfDev } from "./dev-program.ts";

const generated = async (config: Record<string, unknown>): Promise<string[]> =>
  (await registrationsOfDev(config))
    .filter(({ path }) => path.includes("RandomPassword"))
    .map(({ path }) => path.split("::")[1]!)
    .sort();

test("the list of secrets is what the program generates, no more and no less", async () => {
  const sources = ["website", "shop-1"];
  expect(await generated({ sources })).toEqual(Object.keys(generatedSecrets(sources)).sort());
}, 60_000);

test("each secret can be rotated: both generations are generated while it is", async () => {
  const names = Object.keys(generatedSecrets(["website"]));
  const generations = Object.fromEntries(names.map((name) => [name, [1, 0]]));
  expect(await generated({ generations })).toEqual(
    names.flatMap((name) => [name, `${name}.1`]).sort(),
  );
}, 60_000);

test.each([[{}], [{ "cms-jwt-secret": [3] }], [{ "collector-website": [1, 0] }]])(
  "the generations %j are accepted",
  (generations) => {
    expect(generationProblems(generations, ["website"])).toEqual([]);
  },
);

test.each([
  [[], "marketing-stack:generations must be lists by the names of secrets, got []"],
  [
    { "collector-app": [1] },
    'must name generated secrets, got "collector-app"; known are cms-admin-password',
  ],
  [{ "cms-jwt-secret": 1 }, "generations.cms-jwt-secret must be [n], or [n + 1, n]"],
  [{ "cms-jwt-secret": [0, 1] }, "while both are valid, got [0,1]"],
  [{ "cms-jwt-secret": [2, 1, 0] }, "while both are valid, got [2,1,0]"],
  [{ "cms-jwt-secret": [-1] }, "while both are valid, got [-1]"],
])("fails on the generations %j", (generations, message) => {
  expect(generationProblems(generations, ["website"])).toEqual([expect.stringContaining(message)]);
});
