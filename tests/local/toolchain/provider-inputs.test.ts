import { kindDifferences, wrongInputs, type PropertyTree } from "./provider-inputs.ts";

const tree: PropertyTree = {
  name: "string",
  count: "number",
  on: "boolean",
  labels: ["map", "string"],
  conditions: ["array", { query: "string" }],
  build: { context: "string" },
  file: "asset",
  free: "any",
};

test("inputs of the right kinds are good", () => {
  const inputs = {
    name: "a",
    count: 1,
    on: false,
    labels: { any: "b" },
    conditions: [{ query: "up" }, {}],
    build: { context: "." },
    free: [{ x: 1 }],
  };
  expect(wrongInputs(inputs, tree, "r")).toEqual([]);
});

test("a secret counts as what it hides, an input that is not set as nothing", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value: "hidden",
  };
  expect(wrongInputs({ name: secret, count: undefined, on: null }, tree, "r")).toEqual([]);
  expect(wrongInputs({ count: secret }, tree, "r")).toEqual([
    'r.count must be a number, got "hidden"',
  ]);
});

test.each([
  [{ nmae: "a" }, 'r.nmae must be an input that the plugin knows, got "a"'],
  [{ name: 1 }, "r.name must be a string, got 1"],
  [{ labels: ["a"] }, 'r.labels must be a map, got ["a"]'],
  [{ labels: { a: true } }, 'r.labels["a"] must be a string, got true'],
  [{ conditions: { query: "up" } }, 'r.conditions must be an array, got {"query":"up"}'],
  [
    { conditions: [{}, { qurey: "up" }] },
    'r.conditions[1].qurey must be an input that the plugin knows, got "up"',
  ],
  [{ build: "." }, 'r.build must be an object, got "."'],
  [{ file: "text" }, 'r.file must be an asset, got "text"'],
  [{ toString: 1 }, "r.toString must be an input that the plugin knows, got 1"],
])("%j is wrong", (inputs, message) => {
  expect(wrongInputs(inputs, tree, "r")).toEqual([message]);
});

test.each<[PropertyTree, string[]]>([
  [{ name: "string", build: { context: "string" } }, []],
  [{ count: "any" }, []],
  [{ name: "number" }, ["r.name must be of the published kind string, got number"]],
  [{ more: "string" }, ["r.more must be an input of the published plugin, got none"]],
  [
    { conditions: { query: "string" } },
    ["r.conditions must be of the published kind array of object, got object"],
  ],
  [
    { conditions: ["array", { other: "string" }] },
    ["r.conditions[].other must be an input of the published plugin, got none"],
  ],
  [{ labels: ["map", "number"] }, ["r.labels[] must be of the published kind string, got number"]],
])("our %j differs from the published tree in %j", (ours, differences) => {
  expect(kindDifferences(ours, tree, "r")).toEqual(differences);
});
