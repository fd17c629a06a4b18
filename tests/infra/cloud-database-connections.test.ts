import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import pg from "pg";
import { CloudDatabase } from "../../infra/cloud-database.ts";
import { databaseCa } from "../../infra/database-ca.ts";
import { DatabaseSchema } from "../../infra/database-schema.ts";
import { readMigrations } from "../../stacks/migrations.ts";
import { registrationsOf } from "../mocks.ts";
import { startPostgres, type Postgres } from "../postgres.ts";

const run = promisify(execFile);

/** A server as Cloud SQL runs it: TLS only, an authority of its own, an administrator that is no superuser. */
let postgres: Postgres;
let folder: string;
let database: CloudDatabase;
/** What the Job's container gets, as registered. */
let job: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cloud-database-"));
  await makeAuthority("own");
  await makeAuthority("other");
  const registrations = await registrationsOf(() => {
    database = new CloudDatabase("database", {
      project: "prod-project",
      region: "europe-west1",
      network: "vpc",
      namespace: "prod",
      tier: "db-custom-2-7680",
      diskGib: 10,
      protectData: true,
      generations: {},
      labels: {},
    });
    new DatabaseSchema("database-schema", {
      namespace: "prod",
      image: "registry/postgres",
      host: database.host,
      secretName: database.secretName,
      secretRevision: database.secretRevision,
      caName: database.caName,
      migrations: readMigrations(["collector", "worker"]),
    });
  });
  const inputs = (path: string): Record<string, unknown> =>
    registrations.find((registration) => registration.path.includes(path))!.inputs;
  for (const [name, text] of Object.entries(
    inputs("DatabaseSchema$kubernetes:core/v1:ConfigMap").data as Record<string, string>,
  )) {
    writeFileSync(join(folder, name), text.replaceAll("/sql/", `${folder}/`));
  }
  const { containers } = (inputs("Job").spec as JobSpec).template.spec;
  const { value: passwords } = inputs("Secret").stringData as { value: Record<string, string> };
  job = {
    ...passwords,
    ...Object.fromEntries(containers[0]!.env.map(({ name, value }) => [name, value])),
  };

  postgres = await startPostgres({
    certificate: readFileSync(join(folder, "own.crt"), "utf8"),
    key: readFileSync(join(folder, "own.key"), "utf8"),
  });
  await onSocket("postgres", "CREATE ROLE cloudsqladmin SUPERUSER LOGIN");
  await onSocket(
    "cloudsqladmin",
    `ALTER ROLE postgres RENAME TO bootstrap;
     CREATE ROLE cloudsqlsuperuser CREATEROLE CREATEDB;
     CREATE ROLE postgres LOGIN CREATEROLE CREATEDB IN ROLE cloudsqlsuperuser
       PASSWORD '${passwords.POSTGRES_PASSWORD}';
     ALTER DATABASE postgres OWNER TO cloudsqlsuperuser;`,
  );
  await runJob(job);
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface JobSpec {
  template: { spec: { containers: { env: { name: string; value: string }[] }[] } };
}

/** An authority, and a server's certificate that names the instance and no address, as Cloud SQL's does. */
async function makeAuthority(name: string): Promise<void> {
  const file = (end: string): string => join(folder, `${name}${end}`);
  const key = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const authority = ["-subj", "/CN=Cloud SQL Server CA", "-keyout", file("-ca.key")];
  await run("openssl", [...key, ...authority, "-out", file("-ca.pem")]);
  const server = ["-subj", "/CN=prod-project:marketing-stack", "-keyout", file(".key")];
  const issuer = ["-CA", file("-ca.pem"), "-CAkey", file("-ca.key")];
  await run("openssl", [...key, ...server, ...issuer, "-out", file(".crt")]);
}

async function onSocket(user: string, sql: string): Promise<void> {
  const url = new URL(postgres.url);
  url.username = user;
  await query(url.href, sql);
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** Runs the Job's script as its container does, with the authority `ca` in the mounted file. */
async function runJob(env: Record<string, string>, ca = "own"): Promise<string> {
  const { stdout, stderr } = await run("bash", [join(folder, "run.sh")], {
    env: {
      ...env,
      PATH: process.env.PATH,
      PGHOST: "127.0.0.1",
      PGPORT: String(postgres.tlsPort),
      PGSSLROOTCERT: env.PGSSLROOTCERT?.replace(databaseCa.path, join(folder, `${ca}-ca.pem`)),
    },
  });
  return stdout + stderr;
}

/** URL of a service, with the test's address for Google's and the authority `ca` in the mounted file. */
async function urlOf(
  role: Parameters<CloudDatabase["url"]>[0],
  name: "cms" | "marketing",
  ca = "own",
): Promise<string> {
  const url = database.url(role, name).value;
  expect(await pulumi.isSecret(url)).toBe(true);
  const text = await new Promise<string>((resolve) => url.apply(resolve));
  expect(text).toContain("@10.72.0.3:5432/");
  return text
    .replace("10.72.0.3:5432", `127.0.0.1:${postgres.tlsPort}`)
    .replace(databaseCa.path, join(folder, `${ca}-ca.pem`));
}

test("the Job may run again, as an administrator that is no superuser, and prints no password", async () => {
  const printed = await runJob(job);
  expect(printed).toContain("2-collector-0001-events.sql");
  expect(printed).not.toContain(job.COLLECTOR_PASSWORD);
  expect(
    await query(
      await urlOf("reader", "marketing"),
      "SELECT rolname, rolsuper FROM pg_roles WHERE rolname = 'postgres'",
    ),
  ).toEqual([{ rolname: "postgres", rolsuper: false }]);
});

test.each([
  ["cms", "cms"],
  ["collector", "marketing"],
  ["worker", "marketing"],
  ["reader", "marketing"],
] as const)("%s reaches %s by its URL, encrypted", async (role, name) => {
  expect(
    await query(
      await urlOf(role, name),
      "SELECT current_user::text AS login, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    ),
  ).toEqual([{ login: role, ssl: true }]);
});

test("the Job closes a login and ends its sessions", async () => {
  const session = new pg.Client({ connectionString: await urlOf("cms", "cms") });
  const ended = new Promise<Error>((resolve) => session.on("error", resolve));
  await session.connect();
  const { CMS_PASSWORD, ...others } = job;
  await runJob({ ...others, CMS_B_PASSWORD: CMS_PASSWORD! });
  expect((await ended).message).toContain("terminating connection due to administrator command");
  await expect(query(await urlOf("cms", "cms"), "SELECT 1")).rejects.toThrow(
    /password authentication failed/,
  );
  expect(
    await query(
      (await urlOf("cms", "cms")).replace("cms:", "cms_b:"),
      "SELECT current_user::text AS login",
    ),
  ).toEqual([{ login: "cms" }]);
  await runJob(job);
});

test("fails to reach a server of another authority", async () => {
  await expect(query(await urlOf("reader", "marketing", "other"), "SELECT 1")).rejects.toThrow(
    /certificate/,
  );
  await expect(runJob(job, "other")).rejects.toThrow(/certificate verify failed/);
});

test("fails to reach the server without encryption", async () => {
  const [plain] = (await urlOf("reader", "marketing")).split("?");
  await expect(query(plain!, "SELECT 1")).rejects.toThrow(/no encryption/);
  await expect(runJob({ ...job, PGSSLMODE: "disable" })).rejects.toThrow(/no encryption/);
});
