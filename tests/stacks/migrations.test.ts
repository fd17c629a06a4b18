import { readMigrations } from "../../stacks/migrations.ts";

test("reads each SQL file of the services under the service's name", () => {
  expect(readMigrations(["collector", "worker"])).toEqual({
    "collector-0001-events.sql": expect.stringContaining("CREATE TABLE IF NOT EXISTS events.event"),
    "worker-0001-ledger.sql": expect.stringContaining("CREATE TABLE IF NOT EXISTS ledger.change"),
  });
});

test("fails on a service without migrations, naming the folder", () => {
  expect(() => readMigrations(["collector", "wroker"])).toThrow(
    "services/wroker/migrations must hold at least one .sql file, got none",
  );
});
