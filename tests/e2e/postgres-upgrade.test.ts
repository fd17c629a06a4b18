import pg from "pg";
import { followLog } from "../../services/worker/profiles/follow.ts";
import { schemaJob, type SchemaJob } from "../infra/schema-job.ts";
import type { Postgres } from "../postgres.ts";
import { postgresOnVolume, type PostgresOnVolume } from "../postgres-on-volume.ts";

const MINUTE = 60_000;
const passwords = {
  POSTGRES_PASSWORD: "administrator",
  CMS_PASSWORD: "cms",
  COLLECTOR_PASSWORD: "collector",
  WORKER_PASSWORD: "worker",
  READER_PASSWORD: "reader",
};

// A stack's data go from one major version of PostgreSQL to another and back. Each test stands on the ones before it.
describe("a database whose major version changes", () => {
  let database: PostgresOnVolume;
  let schema: SchemaJob;
  let backup: string;

  beforeAll(async () => {
    database = await postgresOnVolume();
    await database.start(15);
    schema = await schemaJob({ url: database.url("postgres", "postgres") } as Postgres);
    await schema.run(passwords);
    await asLogin("cms", "cms", "create table page as select 'home' as slug");
    await store("first");
    await store("second");
    await follow();
    await store("third");
  }, 5 * MINUTE);
  afterAll(async () => {
    await database.remove();
    schema.remove();
  });

  const asLogin = async (login: string, name: string, sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: database.url(login, name) });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const store = (id: string): Promise<void> =>
    asLogin(
      "collector",
      "marketing",
      `insert into events.event (source, id, type, name, anonymous_id, occurred_at, received_at, context, properties, consent)
       values ('website', '${id}', 'track', 'Opened', 'ada', now(), now(), '{}', '{}', '{analytics}')`,
    );
  /** Takes into the profiles what they have not yet, as the worker does; how many events that was. */
  const follow = async (): Promise<number> => {
    const pool = new pg.Pool({ connectionString: database.url("worker", "marketing"), max: 1 });
    try {
      return (await followLog(pool)).events;
    } finally {
      await pool.end();
    }
  };
  const stored = async (): Promise<unknown[]> =>
    (await database.rows("marketing", "select id from events.event order by stored_at")).map(
      ({ id }) => id,
    );
  const counted = async (): Promise<unknown> =>
    (await database.rows("marketing", "select count::int from profiles.activity"))[0]?.count;
  const version = async (): Promise<string> =>
    String((await database.rows("postgres", "show server_version_num"))[0]!.server_version_num);

  test(
    "fails to begin on another version's volume without its dump, and says what to do",
    async () => {
      await database.stop();
      await expect(database.start(18)).rejects.toThrow(
        "PostgreSQL 18 must find a dump of PostgreSQL 15, whose data are here, found none; deploy that version again, then npm run backup -- --upgrade",
      );
      await database.start(15);
      expect(await stored()).toEqual(["first", "second", "third"]);
    },
    3 * MINUTE,
  );

  test(
    "a backup holds up nobody",
    async () => {
      backup = await database.dump({ hold: false });
      expect(backup).toMatch(/COPY events\.event .*\n(website\t.*\n){3}/);
      expect(database.has("upgrade-from-15.sql")).toBe(false);
      await store("fourth");
    },
    MINUTE,
  );

  test(
    "a backup for an upgrade lets nobody write any more, until the server starts again",
    async () => {
      await database.dump({ hold: true });
      expect(database.has("upgrade-from-15.sql")).toBe(true);
      await expect(store("late")).rejects.toThrow(
        "cannot execute INSERT in a read-only transaction",
      );
      await database.stop();
      await database.start(15);
      await store("fifth");
      // It would lack what was written since.
      expect(database.has("upgrade-from-15.sql")).toBe(false);
    },
    2 * MINUTE,
  );

  test(
    "the next version begins with everything, though it was killed while it loaded it",
    async () => {
      await database.dump({ hold: true });
      await database.stop();
      await database.killedWhileLoading(18);
      await database.start(18);
      expect(await version()).toMatch(/^18/);
      expect(await stored()).toEqual(["first", "second", "third", "fourth", "fifth"]);
      expect(await database.rows("cms", "select slug from page")).toEqual([{ slug: "home" }]);
      expect(database.has("upgrade-from-15.sql")).toBe(false);
    },
    5 * MINUTE,
  );

  test("profiles go on where they were: each event counts once", async () => {
    expect(await counted()).toBe(2);
    expect(await follow()).toBe(3);
    await store("sixth");
    expect(await follow()).toBe(1);
    expect(await counted()).toBe(6);
  });

  test(
    "roles, schemas and tables are made on it again without an error",
    async () => {
      await schema.run(passwords);
      await store("seventh");
    },
    MINUTE,
  );

  test(
    "the way back: the former version goes on with its own files, and takes writes",
    async () => {
      await database.stop();
      await database.start(15);
      expect(await version()).toMatch(/^15/);
      expect(await stored()).toEqual(["first", "second", "third", "fourth", "fifth"]);
      await store("eighth");
    },
    2 * MINUTE,
  );

  test(
    "a second upgrade begins with what the former version has now, and keeps the files of the first",
    async () => {
      await database.stop();
      await expect(database.start(18)).rejects.toThrow("must find a dump of PostgreSQL 15");
      await database.start(15);
      await database.dump({ hold: true });
      await database.stop();
      await database.start(18);
      expect((await stored()).at(-1)).toBe("eighth");
      expect(database.has("pgdata-18.before/PG_VERSION")).toBe(true);
    },
    5 * MINUTE,
  );

  test(
    "a backup is put back into a version that runs, and what was there is kept",
    async () => {
      await database.stop();
      database.put("upgrade-from-backup.sql", backup);
      await database.start(18);
      expect(await stored()).toEqual(["first", "second", "third"]);
      expect(await follow()).toBe(1);
      expect(await counted()).toBe(3);
      expect(database.has("pgdata-18.before/PG_VERSION")).toBe(true);
    },
    3 * MINUTE,
  );
});
