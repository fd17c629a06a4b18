import { keepBefore } from "../../infra/database-start.ts";
import { postgresOnVolume, type PostgresOnVolume } from "../postgres-on-volume.ts";

const MINUTE = 60_000;
const BACKUP = "upgrade-from-backup.sql";

// The data of one stack, replaced by backups. Each test stands on the ones before it.
describe("a database that backups are put back into", () => {
  let database: PostgresOnVolume;

  /** A backup that is on the volume; data are told by a table and, where they are set aside, by a file. */
  const put = (name: string): void => database.put(BACKUP, `create table is_${name} ()`);
  const mark = (name: string): void => database.put(`pgdata/${name}`, "");
  const served = async (): Promise<unknown[]> =>
    (
      await database.rows("postgres", "select tablename from pg_tables where tablename ~ '^is_'")
    ).map(({ tablename }) => tablename);

  beforeAll(async () => {
    database = await postgresOnVolume([15]);
    await database.start(15);
    await database.rows("postgres", "create table is_first ()");
    mark("first");
    await database.stop();
  }, MINUTE);
  afterAll(() => database.remove());

  test(
    "killed at any step, the next start goes on, and what was there is set aside whole",
    async () => {
      put("second");
      await database.killedWhileLoading(15);
      for (const command of [
        'mv "$PGDATA.new" "$PGDATA.next"',
        'rm -f "$dump"',
        'rm -rf "$PGDATA.before"',
        'mv "$PGDATA" "$PGDATA.before"',
        'mv "$PGDATA.next" "$PGDATA"',
        `rm -rf "$volume"/pgdata*.next "${keepBefore}"`,
      ]) {
        await database.killedBefore(15, command);
        expect(database.has("pgdata/first") || database.has("pgdata.before/first")).toBe(true);
      }
      await database.start(15);
      expect(await served()).toEqual(["is_second"]);
      expect(database.has("pgdata.before/first")).toBe(true);
      expect(database.has(BACKUP)).toBe(false);
    },
    2 * MINUTE,
  );

  test(
    "what nobody was let into does not take the place of what was set aside, at any step",
    async () => {
      mark("second");
      await database.stop();
      put("third");
      database.put("keep-before", "");
      for (const command of [
        'mv "$PGDATA.new" "$PGDATA.next"',
        'rm -f "$dump"',
        'rm -rf "$PGDATA"',
        'mv "$PGDATA.next" "$PGDATA"',
        `rm -rf "$volume"/pgdata*.next "${keepBefore}"`,
      ]) {
        await database.killedBefore(15, command);
        expect(database.has("pgdata.before/first")).toBe(true);
      }
      await database.start(15);
      expect(await served()).toEqual(["is_third"]);
      expect(database.has("pgdata.before/first")).toBe(true);
      expect(database.has("keep-before")).toBe(false);
    },
    2 * MINUTE,
  );

  test(
    "the next backup sets aside what there is then",
    async () => {
      mark("third");
      await database.stop();
      put("fourth");
      await database.start(15);
      expect(await served()).toEqual(["is_fourth"]);
      expect(database.has("pgdata.before/third")).toBe(true);
    },
    MINUTE,
  );

  test(
    "fails to load a backup that is none, once: the next start goes on with what was there",
    async () => {
      await database.stop();
      database.put(BACKUP, "create table is_fifth (); select 1 / 0;");
      await expect(database.start(15)).rejects.toThrow("division by zero");
      await database.start(15);
      expect(await served()).toEqual(["is_fourth"]);
      expect(database.has("pgdata.before/third")).toBe(true);
    },
    MINUTE,
  );
});
