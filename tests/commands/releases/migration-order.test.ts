import {
  missingMigrations,
  obstacleBack,
  obstacleForward,
} from "../../../commands/releases/migration-order.ts";

const first = { shop: ["0001-orders.sql"] };
const expanded = { shop: ["0001-orders.sql", "0002-total.sql"] };
const contracted = { shop: [...expanded.shop, "0003-old-total.contract.sql"] };

test("what a release adds is listed in order, by service", () => {
  expect(missingMigrations(first, { ...contracted, till: ["0001-till.sql"] })).toEqual([
    "shop/0002-total.sql",
    "shop/0003-old-total.contract.sql",
    "till/0001-till.sql",
  ]);
});

test.each([
  ["the same", first, first],
  ["an expanding migration", first, expanded],
  ["a contracting one after what it completes", expanded, contracted],
  ["a service that is new", first, { ...first, till: ["0001-till.sql"] }],
])("a release goes forward over %s", (_what, from, to) => {
  expect(obstacleForward(from, to)).toBeUndefined();
});

test("fails to promote a release that knows less than was run, naming it", () => {
  expect(obstacleForward(contracted, first)).toBe(
    "its migrations must be at least those that were run, got none of shop/0002-total.sql, shop/0003-old-total.contract.sql; seal a release of a later commit, or go back with npm run rollback",
  );
});

test("fails to promote a contracting migration together with what it completes", () => {
  expect(obstacleForward(first, contracted)).toBe(
    "the contracting migration shop/0003-old-total.contract.sql must come in a later promotion than what it completes, got 0002-total.sql in the same one; promote a release without it first",
  );
});

test("an environment returns over migrations that expand", () => {
  expect(obstacleBack(expanded, first)).toBeUndefined();
});

test.each([
  ["one release", expanded],
  ["two", first],
])("fails to return over a contracting migration by %s", (_what, to) => {
  expect(obstacleBack(contracted, to)).toMatch(
    /^shop\/0003-old-total\.contract\.sql cannot be undone: it took away what that release uses; /,
  );
});
