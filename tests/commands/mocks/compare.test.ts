import { compareRegistered } from "../../../commands/mocks/compare.ts";
import type { Registered } from "../../../commands/mocks/registered.ts";
import { registered } from "./registrations.ts";

const SECRET = "4dabf18193072939515e22adb298388d";
const secret = (value: string): object => ({
  [SECRET]: "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** What the digest says of the changes, in short. */
function compared(before: Registered[], after: Registered[]): unknown[] {
  return compareRegistered("dev", before, after, []).changes.map(({ op, name, paths }) => ({
    op,
    name,
    paths,
  }));
}

test("what is new is created, what is missing deleted, what differs updated or replaced", () => {
  const digest = compareRegistered(
    "dev",
    [registered("a"), registered("b", { inputs: { port: 1 } }), registered("same")],
    [registered("b", { inputs: { port: 2 } }), registered("c"), registered("same")],
    ["Compared with something."],
  );
  expect(digest).toMatchObject({
    tier: "mocks",
    complete: true,
    unchanged: 1,
    notes: ["Compared with something."],
  });
  expect(digest.changes.map(({ op, name, paths }) => ({ op, name, paths }))).toEqual([
    { op: "delete", name: "a", paths: [] },
    { op: "update or replace", name: "b", paths: ["port"] },
    { op: "create", name: "c", paths: [] },
  ]);
});

test("a component is no resource, and a change of a secret's value no change", () => {
  const component = registered("component", { isResource: false });
  const before = registered("a", { inputs: { password: secret("one") } });
  const after = registered("a", { inputs: { password: secret("two") } });
  expect(compared([before], [after, component])).toEqual([]);
});

test("a secret that becomes plain text is a change", () => {
  const before = registered("a", { inputs: { password: secret("one") } });
  const after = registered("a", { inputs: { password: "one" } });
  expect(compared([before], [after])).toEqual([
    { op: "update or replace", name: "a", paths: ["password"] },
  ]);
});

test("a rename with an alias is no deletion", () => {
  const former = registered("database");
  const renamed = registered("postgres", { aliases: [former.urn] });
  expect(compared([former], [renamed])).toEqual([]);
});

test("a resource that is protected or retained no longer is a change that says so", () => {
  const { changes } = compareRegistered(
    "dev",
    [registered("a", { isProtected: true }), registered("b", { isRetained: true })],
    [registered("a"), registered("b")],
    [],
  );
  expect(
    changes.map(({ name, losesProtection, paths }) => ({ name, losesProtection, paths })),
  ).toEqual([
    { name: "a", losesProtection: true, paths: ["(protection)"] },
    { name: "b", losesProtection: true, paths: ["(protection)"] },
  ]);
});
