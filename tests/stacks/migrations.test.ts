import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMigrations } from "../../stacks/migrations.ts";

const clone = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "migrations-"));
  process.chdir(folder);
  for (const [service, file] of [
    ["shop", "0001-orders.sql"],
    ["shop", "0002-refunds.sql"],
    ["shop", "README.md"],
    ["till", "0001-orders.sql"],
  ] as const) {
    mkdirSync(join("services", service, "migrations"), { recursive: true });
    writeFileSync(join("services", service, "migrations", file), `${service} ${file}`);
  }
});
afterEach(() => {
  process.chdir(clone);
  rmSync(folder, { recursive: true, force: true });
});

test("reads each SQL file of the services under the service's name", () => {
  expect(readMigrations(["shop", "till"])).toEqual({
    "shop-0001-orders.sql": "shop 0001-orders.sql",
    "shop-0002-refunds.sql": "shop 0002-refunds.sql",
    "till-0001-orders.sql": "till 0001-orders.sql",
  });
});

test("fails on a service without migrations, naming the folder", () => {
  expect(() => readMigrations(["shop", "tilt"])).toThrow(
    "services/tilt/migrations must hold at least one .sql file, got none",
  );
});
