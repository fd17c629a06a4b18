import { begin, receive } from "../../../commands/backups/put-back.ts";
import { restorableEnd } from "../../../commands/backups/restorable.ts";
import { postgresOnVolume, type PostgresOnVolume } from "../../postgres-on-volume.ts";

const MINUTE = 60_000;

// What a restore runs in the database's container, on one volume. Each test stands on the ones before it.
describe("a backup on the way into a database", () => {
  let database: PostgresOnVolume;

  beforeAll(async () => {
    database = await postgresOnVolume([15]);
    await database.start(15);
    await database.rows("postgres", "create role cms login password 'c'");
    database.put("pgdata/own", "");
  }, MINUTE);
  afterAll(() => database.remove());

  const send = (run: string, sql = "create role cms login;\n"): Promise<string> =>
    database.exec(receive(run), `${sql}${restorableEnd}\n`);
  const load = async (run: string): Promise<void> => {
    // The server takes the connection with it that told it to end.
    await database.exec(begin(run)).catch(() => undefined);
    await database.stop();
    await database.start(15);
  };

  test("fails on one that was cut off", async () => {
    await expect(database.exec(receive("cut"), "select 1;\n")).rejects.toThrow(
      "the backup must arrive whole, got 10 bytes; run it again",
    );
  });

  test("of two at once, the first fails, and nothing of it is in the other", async () => {
    await send("one", "create table is_one ();\n");
    await send("two", "create role cms login; create table is_two ();\n");
    await expect(database.exec(begin("one"))).rejects.toThrow("backup-one.new");
    expect(database.has("upgrade-from-backup.sql")).toBe(false);
    await load("two");
    const tables = "select tablename from pg_tables where tablename ~ '^is_'";
    expect(await database.rows("postgres", tables)).toEqual([{ tablename: "is_two" }]);
    expect(database.has("pgdata.before/own")).toBe(true);
  });

  test("run again before a login has a password, what the stack had stays set aside", async () => {
    await send("again");
    await load("again");
    expect(database.has("pgdata.before/own")).toBe(true);
  });

  test("run again later, what the stack has now is set aside", async () => {
    await database.rows("postgres", "alter role cms password 'c'");
    database.put("pgdata/later", "");
    await send("later");
    await load("later");
    expect(database.has("pgdata.before/later")).toBe(true);
  });

  test("fails while another one is being loaded", async () => {
    await send("slow");
    await database.exec(begin("slow")).catch(() => undefined);
    await database.stop();
    await database.killedWhileLoading(15, async () => {
      await expect(send("late")).rejects.toThrow(
        "the database must have started before a backup is put back, got one that is starting",
      );
    });
  });
});
