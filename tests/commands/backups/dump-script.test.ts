import { holdEnded } from "../../../commands/backups/dump-script.ts";
import { postgresOnVolume, type PostgresOnVolume } from "../../postgres-on-volume.ts";

const KEPT = "upgrade-from-15.sql";

// One server; each test stands on the ones before it.
describe("a dump for an upgrade", () => {
  let database: PostgresOnVolume;
  const isHeld = async (): Promise<boolean> => {
    const [row] = await database.rows("postgres", "show default_transaction_read_only");
    return row!.default_transaction_read_only === "on";
  };

  beforeAll(async () => {
    database = await postgresOnVolume([15]);
    await database.start(15);
    await database.rows("postgres", "create database cms");
  }, 60_000);
  afterAll(() => database.remove());

  test("fails without one of the databases, and lets the other one be written again", async () => {
    const failed = database.dump({ hold: true });
    await expect(failed).rejects.toThrow('database "marketing" does not exist');
    await expect(failed).rejects.toThrow(holdEnded);
    expect(await isHeld()).toBe(false);
    expect([database.has(KEPT), database.has(`${KEPT}.new`)]).toEqual([false, false]);
  });

  test("is kept, and holds writing up", async () => {
    await database.rows("postgres", "create database marketing");
    await database.dump({ hold: true });
    expect(database.has(KEPT)).toBe(true);
    expect(await isHeld()).toBe(true);
  });

  test("fails beside one that is kept, and holds on: what is written now would not be in that", async () => {
    await database.rows("postgres", "begin read write; alter database cms rename to gone; commit");
    await expect(database.dump({ hold: true })).rejects.not.toThrow(holdEnded);
    expect(database.has(KEPT)).toBe(true);
    expect(await isHeld()).toBe(true);
  });
});
