import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isContract, readMigrations } from "../../stacks/migrations.ts";

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

/** What older versions of the services, which run beside the new ones, may still use. */
const TAKES_AWAY =
  /\bDROP\s+(TABLE|COLUMN|SCHEMA|VIEW|TYPE)\b|\bRENAME\b|\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b|\bSET\s+NOT\s+NULL\b/i;

/** The SQL of a migration without its comments. */
const sqlOf = (path: string): string =>
  readFileSync(join(clone, path), "utf8").replaceAll(/--.*$/gm, "");

test.each(
  ["collector", "worker"].flatMap((service) =>
    readdirSync(join("services", service, "migrations"))
      .filter((file) => file.endsWith(".sql") && !isContract(file))
      .map((file) => join("services", service, "migrations", file)),
  ),
)("%s leaves what older services use", (path) => {
  expect(TAKES_AWAY.exec(sqlOf(path))?.[0]).toBeUndefined();
});

test.each([
  "ALTER TABLE a DROP COLUMN b",
  "drop table a",
  "ALTER TABLE a RENAME b TO c",
  "ALTER TABLE a ALTER COLUMN b TYPE bigint",
  "ALTER TABLE a ALTER COLUMN b SET NOT NULL",
])("fails on a migration that takes something away without saying so: %s", (sql) => {
  expect(TAKES_AWAY.test(sql)).toBe(true);
});
