import { aliasUrns, type Alias } from "../../../commands/mocks/aliases.ts";

const root = "urn:pulumi:dev::marketing-stack";
const component = `${root}::infra:Database::postgres`;
const child = `${root}::infra:Database$core:Secret::postgres-logins`;

/** Aliases of a component and its child that declare these. */
function aliases(ofComponent: Alias[], ofChild: Alias[] = []): unknown {
  return Object.fromEntries(
    aliasUrns([
      { urn: component, parent: "", declared: ofComponent },
      { urn: child, parent: component, declared: ofChild },
    ]),
  );
}

test("a component's former name goes over to its children, whose names begin with it", () => {
  expect(aliases([{ name: "database" }])).toEqual({
    [component]: [`${root}::infra:Database::database`],
    [child]: [`${root}::infra:Database$core:Secret::database-logins`],
  });
});

test("a former type and a former URN go over too", () => {
  const urn = `${root}::infra:Sql::main`;
  expect(aliases([{ type: "infra:Postgres" }, { urn }])).toEqual({
    [component]: [`${root}::infra:Postgres::postgres`, urn],
    [child]: [
      `${root}::infra:Postgres$core:Secret::postgres-logins`,
      `${root}::infra:Sql$core:Secret::main-logins`,
    ],
  });
});

test("a child's own former name counts below each of its parent's names", () => {
  expect(aliases([{ name: "database" }], [{ name: "keys" }])).toEqual({
    [component]: [`${root}::infra:Database::database`],
    [child]: [
      `${root}::infra:Database$core:Secret::keys`,
      `${root}::infra:Database$core:Secret::database-logins`,
      `${root}::infra:Database$core:Secret::keys`,
    ],
  });
});

test("a child that had no parent, or another one", () => {
  const other = `${root}::infra:Vault::vault`;
  expect(aliases([], [{ parent: "" }, { parent: other }])).toEqual({
    [component]: [],
    [child]: [
      `${root}::core:Secret::postgres-logins`,
      `${root}::infra:Vault$core:Secret::postgres-logins`,
    ],
  });
});
