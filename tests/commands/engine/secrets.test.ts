import { secretStrings } from "../../../commands/engine/secrets.ts";

const secret = (value: unknown): object => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

test("every string inside a secret of a state is found, none outside", () => {
  const state = {
    deployment: {
      resources: [
        { outputs: { result: secret("one"), length: 8, name: "plain" } },
        { inputs: { stringData: secret({ A: "two", B: ["three", 4], C: null }) } },
      ],
    },
  };
  expect(secretStrings(state)).toEqual(["one", "two", "three"]);
});
