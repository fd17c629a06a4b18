import { once } from "node:events";
import { dirname, join } from "node:path";
import pg from "pg";
import * as pulumi from "@pulumi/pulumi";
import { DatabaseLogins, roles, type Role } from "../../infra/database-logins.ts";
import type { Generations } from "../../infra/generated-secret.ts";
import { registrationsOf } from "../mocks.ts";
import { startPostgres, type Postgres } from "../postgres.ts";
import { schemaJob, type SchemaJob } from "./schema-job.ts";

let postgres: Postgres;
let job: SchemaJob;
beforeAll(async () => {
  postgres = await startPostgres();
  job = await schemaJob(postgres);
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  job.remove();
});

/** The logins of a database in which `generations` are valid: what its Secret holds, and the URL of each role. */
async function loginsWith(generations: Generations) {
  let logins: DatabaseLogins | undefined;
  await registrationsOf(() => {
    logins = new DatabaseLogins("database", generations, {});
  });
  const valueOf = (input: pulumi.Input<string>): Promise<string> =>
    new Promise((resolve) => pulumi.output(input).apply(resolve));
  const host = new URL(postgres.url).searchParams.get("host")!;
  const passwords = await Promise.all(
    Object.entries(logins!.passwords).map(async ([key, { value }]) => [key, await valueOf(value)]),
  );
  return {
    revision: logins!.revision,
    passwords: Object.fromEntries(passwords) as Record<string, string>,
    url: async (role: Role): Promise<string> => {
      const url = new URL(await valueOf(logins!.url(role, "localhost", databaseOf(role)).value));
      url.searchParams.set("host", host);
      return url.href;
    },
  };
}

function databaseOf(role: Role): "cms" | "marketing" {
  return role === "cms" ? "cms" : "marketing";
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** Rows of one statement on a connection of its own. */
async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = await connected(url);
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** Makes the server ask everybody but superuser `observer` for a password, as the stack's does. */
async function askForPasswords(): Promise<void> {
  await rows(postgres.url, "CREATE ROLE observer LOGIN SUPERUSER");
  const [{ file } = {}] = await rows(
    postgres.url,
    "SELECT current_setting('hba_file') AS file, set_config('search_path', '', false)",
  );
  const lines = ["local all observer trust", "local all all scram-sha-256"];
  const path = join(dirname(String(file)), "pg_hba.conf");
  const values = lines.map((line) => `('${line}')`).join(", ");
  await rows(postgres.url, `COPY (VALUES ${values}) TO '${path}'`);
  await rows(postgres.url, "SELECT pg_reload_conf()");
}

/** URL of superuser `observer`, who needs no password. */
function observer(): string {
  const url = new URL(postgres.url);
  url.username = "observer";
  return url.href;
}

const everyRole = (generations: number[]): Generations =>
  Object.fromEntries([...roles, "postgres"].map((role) => [`database-${role}`, generations]));

// One database's life in order; each test stands on the ones before it.
describe("a database whose passwords are rotated", () => {
  test("has one login a role at first, whose tables belong to the role", async () => {
    const { passwords, url } = await loginsWith({});
    await rows(postgres.url, `ALTER ROLE postgres PASSWORD '${passwords.POSTGRES_PASSWORD}'`);
    await job.run(passwords);
    await askForPasswords();
    await job.run(passwords);
    await rows(await url("cms"), "CREATE TABLE pages AS SELECT 'home' AS slug");
    await rows(await url("worker"), "CREATE TABLE jobs.queue AS SELECT 1 AS id");
  }, 60_000);

  test("lets both logins in while a rotation is under way, and cuts no session off", async () => {
    const former = await loginsWith({});
    const rotated = await loginsWith(everyRole([1, 0]));
    const session = await connected(await former.url("cms"));
    try {
      await job.run(rotated.passwords);
      expect((await session.query("SELECT slug FROM pages")).rows).toEqual([{ slug: "home" }]);
    } finally {
      await session.end();
    }
    for (const role of roles) {
      for (const { url } of [former, rotated]) {
        expect(await rows(await url(role), "SELECT current_user")).toEqual([
          { current_user: role },
        ]);
      }
    }
  });

  test("gives the new login what the former one made, and what it makes to the role", async () => {
    const { url } = await loginsWith(everyRole([1, 0]));
    await rows(await url("cms"), "ALTER TABLE pages ADD COLUMN title text");
    await rows(await url("worker"), "CREATE TABLE jobs.archive AS SELECT 1 AS id");
    expect(
      await rows(
        await url("reader"),
        "SELECT tableowner FROM pg_tables WHERE schemaname = 'jobs' ORDER BY tablename",
      ),
    ).toEqual([{ tableowner: "worker" }, { tableowner: "worker" }]);
    expect(await rows(await url("reader"), "SELECT id FROM jobs.archive")).toEqual([{ id: 1 }]);
  });

  test("refuses the former logins and ends their sessions once the rotation is finished", async () => {
    const former = await loginsWith({});
    const rotated = await loginsWith(everyRole([1]));
    const session = await connected(await former.url("collector"));
    const ended = once(session, "error") as Promise<[Error]>;
    await job.run(rotated.passwords);
    expect((await ended)[0].message).toMatch(/^terminating connection/);
    for (const role of roles) {
      await expect(rows(await former.url(role), "SELECT 1")).rejects.toThrow(
        `password authentication failed for user "${role}"`,
      );
      expect(await rows(await rotated.url(role), "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    }
  });

  test("has the administrator's new password, and no longer the former one", async () => {
    const [former, rotated] = [await loginsWith({}), await loginsWith(everyRole([1]))];
    const administrator = (password: string): string => {
      const url = new URL(postgres.url);
      url.password = password;
      return url.href;
    };
    const { POSTGRES_PASSWORD = "" } = rotated.passwords;
    expect(await rows(administrator(POSTGRES_PASSWORD), "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await expect(
      rows(administrator(former.passwords.POSTGRES_PASSWORD!), "SELECT 1"),
    ).rejects.toThrow('password authentication failed for user "postgres"');
  });

  test("takes the first logins again for the next rotation", async () => {
    for (const generations of [[2, 1], [2]]) {
      await job.run((await loginsWith(everyRole(generations))).passwords);
    }
    const { url } = await loginsWith(everyRole([2]));
    expect(await rows(await url("cms"), "SELECT session_user, slug FROM pages")).toEqual([
      { session_user: "cms", slug: "home" },
    ]);
    expect(
      await rows(
        observer(),
        "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname !~ '^(postgres|observer)$' ORDER BY 1",
      ),
    ).toEqual([...roles].sort().map((rolname) => ({ rolname })));
  });

  test("fails where neither password is the administrator's", async () => {
    const { passwords } = await loginsWith({});
    await expect(job.run({ ...passwords, POSTGRES_PASSWORD: "wrong" })).rejects.toThrow(
      /password authentication failed/,
    );
  });
});
