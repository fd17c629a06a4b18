import { DatabaseSchema } from "../../infra/database-schema.ts";
import { plainStrings, registrationsOf } from "../mocks.ts";

const args = {
  namespace: "dev",
  image: "registry/postgres",
  host: "database",
  secretName: "database",
  migrations: { "collector-0001.sql": "select 1;" },
};

function pathsOf(changed: Partial<typeof args>): Promise<string[]> {
  return registrationsOf(() => new DatabaseSchema("database-schema", { ...args, ...changed })).then(
    (registrations) => registrations.map(({ path }) => path),
  );
}

test("creates one ConfigMap and one Job, both named by the digest of the SQL", async () => {
  const paths = await pathsOf({});
  const digest = /-([0-9a-f]{8})$/.exec(paths[1]!)?.[1];
  expect(paths).toEqual([
    "marketing-stack:infra:DatabaseSchema::database-schema",
    `marketing-stack:infra:DatabaseSchema$kubernetes:batch/v1:Job::database-schema-${digest}`,
    `marketing-stack:infra:DatabaseSchema$kubernetes:core/v1:ConfigMap::database-schema-${digest}`,
  ]);
});

test("the same SQL is the same Job, other SQL another", async () => {
  expect(await pathsOf({})).toEqual(await pathsOf({}));
  expect(await pathsOf({ migrations: { "collector-0001.sql": "select 2;" } })).not.toEqual(
    await pathsOf({}),
  );
});

test("the Job takes the passwords from the Secret and is a restricted pod", async () => {
  const registrations = await registrationsOf(() => new DatabaseSchema("database-schema", args));
  const job = registrations.find(({ path }) => path.includes("Job"))!;
  expect(job.inputs).toMatchObject({
    spec: {
      template: {
        spec: {
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              envFrom: [{ secretRef: { name: "database" } }],
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
            },
          ],
        },
      },
    },
  });
  expect(plainStrings(registrations).join("\n")).toContain("ALTER ROLE reader");
});

test("fails without migrations", async () => {
  await expect(pathsOf({ migrations: {} as typeof args.migrations })).rejects.toThrow(
    "migrations must name at least one file, got {}",
  );
});
