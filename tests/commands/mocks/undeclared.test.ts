import type { StateResource } from "../../../commands/engine/state.ts";
import { undeclared } from "../../../commands/mocks/undeclared.ts";
import { registered } from "./registrations.ts";

const CHART = "kubernetes:helm.sh/v4:Chart";

function deployed(name: string, overrides: Partial<StateResource> = {}): StateResource {
  const type = overrides.type ?? "kubernetes:core/v1:Service";
  return {
    urn: `urn:pulumi:dev::marketing-stack::${type}::${name}`,
    type,
    custom: true,
    ...overrides,
  };
}

test.each([
  ["what is declared", deployed("a"), [registered("a")], []],
  ["what was renamed", deployed("a"), [registered("b")], ["a"]],
  [
    "what was renamed with an alias",
    deployed("a"),
    [registered("b", { aliases: [deployed("a").urn] })],
    [],
  ],
  ["a component", deployed("a", { custom: false }), [], []],
  ["what a replacement has yet to delete", deployed("a", { delete: true }), [], []],
  ["a provider", deployed("default", { type: "pulumi:providers:random" }), [], []],
])("%s is undeclared or not", (_, resource, declared, names) => {
  expect(undeclared([resource], declared).map(({ urn }) => urn.split("::").at(-1))).toEqual(names);
});

test("what a chart made counts with its chart", () => {
  const chart = deployed("cms", { type: CHART, custom: false });
  const child = deployed("cms-service", { parent: chart.urn });
  const grandchild = deployed("cms-endpoint", { parent: child.urn });
  const state = [chart, child, grandchild];
  expect(undeclared(state, [registered("cms", { type: CHART, hasUnknownChildren: true })])).toEqual(
    [],
  );
  expect(undeclared(state, [])).toEqual([child, grandchild]);
});
