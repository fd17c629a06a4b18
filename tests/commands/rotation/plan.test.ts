import { rotationUpdates } from "../../../commands/rotation/plan.ts";

const secrets = {
  token: { length: 32, purpose: "opens" },
  salt: { length: 32, purpose: "hashes" },
  key: { length: 32, purpose: "lets SDKs send", handedOut: true },
};
const plan = (names: string[], declared: Record<string, number[]> = {}, retire = false) =>
  rotationUpdates({ names, secrets, declared, retire });

test.each([
  ["a first rotation makes a new generation and then ends the former", {}, [[1, 0], [1]]],
  ["a later rotation goes on counting", { token: [4] }, [[5, 4], [5]]],
  ["a rotation that was interrupted is finished", { token: [5, 4] }, [[5, 4], [5]]],
])("%s", (_what, declared, lists) => {
  expect(plan(["token"], declared as Record<string, number[]>)).toEqual(
    lists.map((list) => ({ token: list })),
  );
});

test("several secrets are rotated by the same two updates", () => {
  expect(plan(["token", "salt"], { salt: [1] })).toEqual([
    { token: [1, 0], salt: [2, 1] },
    { token: [1], salt: [2] },
  ]);
});

test("what was handed out keeps its former generation", () => {
  expect(plan(["key"])).toEqual([{ key: [1, 0] }]);
  expect(plan(["key", "token"])).toEqual([{ key: [1, 0], token: [1, 0] }, { token: [1] }]);
});

test("--retire ends the former generation of what was handed out", () => {
  expect(plan(["key"], { key: [1, 0] }, true)).toEqual([{ key: [1] }]);
});

test.each<[string, string[], Record<string, number[]>, boolean, string]>([
  [
    "an unknown secret",
    ["tokn"],
    {},
    false,
    'the secret must be one of token, salt, key, got "tokn"; npm run rotate says what each is for',
  ],
  [
    "a second rotation of what is still accepted",
    ["key"],
    { key: [1, 0] },
    false,
    "the former value of key must be retired before the next rotation",
  ],
  ["--retire of nothing", ["key"], { key: [1] }, true, "key must have a former value to retire"],
  ["--retire of a token", ["token"], {}, true, "--retire must be asked for write keys, got token"],
])("fails on %s", (_what, names, declared, retire, message) => {
  expect(() => plan(names, declared, retire)).toThrow(message);
});
