import { known, type Resource, type StackDeclaration } from "../../policy/rule.ts";
import { rules } from "../../policy/rules.ts";
import { cases, type Case } from "./cases.ts";

/** A stack that builds its images, on one machine. */
const dev: StackDeclaration = {
  registry: "registry.example",
  buildsImages: true,
  nodePorts: [30100, 30101],
  hasGateway: false,
  protectsData: false,
};

/** A stack that runs releases, on Google Cloud. */
const prod: StackDeclaration = {
  registry: "registry.example",
  buildsImages: false,
  nodePorts: [],
  hasGateway: true,
  protectsData: true,
};

function messages({ rule, type, stack, isProtected = true }: Case, props: object): string[] {
  const resource: Resource = { type, props: props as Resource["props"], isProtected };
  const declaration = stack === "dev" ? dev : prod;
  return rules.find(({ name }) => name === rule)!.check(resource, declaration);
}

test("every rule has at least one mutant", () => {
  expect([...new Set(cases.map(({ rule }) => rule))].sort()).toEqual(
    rules.map(({ name }) => name).sort(),
  );
});

test.each(cases)("$rule accepts the good twin of $type: $what", (one) => {
  const twin = { ...one, stack: one.goodStack ?? one.stack, isProtected: true };
  expect(messages(twin, one.good)).toEqual([]);
});

test.each(cases)("$rule refuses $type: $what", (one) => {
  expect(messages(one, one.mutant)).toEqual(one.says);
});

test.each(rules)("$name has nothing to say of what it does not know", ({ check }) => {
  const unknown = { type: "random:index/randomPassword:RandomPassword", props: {} };
  expect(check({ ...unknown, isProtected: false }, prod)).toEqual([]);
});

test("a value that a preview does not know is left to the update", () => {
  class UnknownValueError extends Error {
    override readonly name = "UnknownValueError";
  }
  const read = (): never => {
    throw new UnknownValueError();
  };
  expect(known(read)).toBeUndefined();
  expect(() =>
    known(() => {
      throw new TypeError("broken");
    }),
  ).toThrow("broken");
});
