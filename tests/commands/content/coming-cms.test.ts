import { contentTokenIn, type ShownState } from "../../../commands/content/coming-cms.ts";

const resource = (name: string, value: string) => ({
  urn: `urn:pulumi:prod::marketing-stack::marketing-stack:infra:Cms$random:index/randomPassword:RandomPassword::${name}`,
  outputs: {
    result: {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: JSON.stringify(value),
    },
  },
});
const state = (...resources: object[]): ShownState =>
  ({ deployment: { resources } }) as unknown as ShownState;

test("the token is read of a state that is still being made", () => {
  const made = [
    { urn: "urn:pulumi:prod::marketing-stack::pulumi:pulumi:Stack::marketing-stack-prod" },
    resource("cms-worker-api-token", "worker"),
    resource("cms-content-api-token", "content"),
  ];
  expect(contentTokenIn(state(...made))).toBe("content");
});

test("of two generations the newest counts", () => {
  const both = [
    resource("cms-content-api-token.9", "former"),
    resource("cms-content-api-token.10", "newest"),
  ];
  expect(contentTokenIn(state(...both))).toBe("newest");
});

test("there is none before it is made, nor in a stack that was never deployed", () => {
  expect(contentTokenIn(state(resource("cms-worker-api-token", "worker")))).toBeUndefined();
  expect(contentTokenIn({ deployment: {} })).toBeUndefined();
});
