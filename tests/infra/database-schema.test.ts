import { DatabaseSchema } from "../../infra/database-schema.ts";
import { registrationsOf } from "../mocks.ts";

const args = {
  namespace: "dev",
  image: "registry/postgres",
  host: "database",
  secretName: "database",
  secretRevision: "",
  migrations: { "collector-0001.sql": "select 1;" },
};

function pathsOf(changed: Partial<typeof args>): Promise<string[]> {
  return registrationsOf(() => new DatabaseSchema("database-schema", { ...args, ...changed })).then(
    (registrations) => registrations.map(({ path }) => path),
  );
}

test("creates one ConfigMap and one Job, both named by one digest", async () => {
  const paths = await pathsOf({});
  const digest = /-([0-9a-f]{8})$/.exec(paths[1]!)?.[1];
  expect(paths).toEqual([
    "marketing-stack:infra:DatabaseSchema::database-schema",
    `marketing-stack:infra:DatabaseSchema$kubernetes:batch/v1:Job::database-schema-${digest}`,
    `marketing-stack:infra:DatabaseSchema$kubernetes:core/v1:ConfigMap::database-schema-${digest}`,
  ]);
});

test("the same SQL and passwords are the same Job, others another", async () => {
  expect(await pathsOf({})).toEqual(await pathsOf({}));
  expect(await pathsOf({ migrations: { "collector-0001.sql": "select 2;" } })).not.toEqual(
    await pathsOf({}),
  );
  expect(await pathsOf({ secretRevision: "CMS_B_PASSWORD=1" })).not.toEqual(await pathsOf({}));
});

test("the Job runs the SQL as a restricted pod that takes the passwords from the Secret", async () => {
  const registrations = await registrationsOf(() => new DatabaseSchema("database-schema", args));
  const { inputs, path } = registrations.find(({ path }) => path.includes("Job"))!;
  const name = path.split("::")[1];
  const labels = {
    "app.kubernetes.io/instance": "database-schema",
    "app.kubernetes.io/name": "database-schema",
  };
  expect(inputs).toEqual({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: "dev", labels },
    spec: {
      backoffLimit: 10,
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          containers: [
            {
              command: ["bash", "/sql/run.sh"],
              env: [{ name: "PGHOST", value: "database" }],
              envFrom: [{ secretRef: { name: "database" } }],
              image: "registry/postgres",
              name: "psql",
              resources: {
                limits: { memory: "128Mi", "ephemeral-storage": "64Mi" },
                requests: { cpu: "10m", memory: "32Mi", "ephemeral-storage": "8Mi" },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
              },
              volumeMounts: [{ mountPath: "/sql", name: "sql" }],
            },
          ],
          restartPolicy: "OnFailure",
          securityContext: {
            fsGroup: 999,
            runAsGroup: 999,
            runAsNonRoot: true,
            runAsUser: 999,
            seccompProfile: { type: "RuntimeDefault" },
          },
          volumes: [{ configMap: { name }, name: "sql" }],
        },
      },
    },
  });
});

test("with an authority the Job checks the server's certificate", async () => {
  const registrations = await registrationsOf(
    () => new DatabaseSchema("database-schema", { ...args, caName: "database-ca" }),
  );
  const { inputs, path } = registrations.find(({ path }) => path.includes("Job"))!;
  expect(inputs.spec).toMatchObject({
    template: {
      spec: {
        containers: [
          {
            env: [
              { name: "PGHOST", value: "database" },
              { name: "PGSSLMODE", value: "verify-ca" },
              { name: "PGSSLROOTCERT", value: "/etc/database-ca/ca.pem" },
            ],
            volumeMounts: [
              { mountPath: "/sql", name: "sql" },
              { mountPath: "/etc/database-ca", name: "database-ca" },
            ],
          },
        ],
        volumes: [
          { configMap: { name: path.split("::")[1] }, name: "sql" },
          { configMap: { name: "database-ca" }, name: "database-ca" },
        ],
      },
    },
  });
});

test("the ConfigMap holds what the Job runs, in the order of its names", async () => {
  const registrations = await registrationsOf(() => new DatabaseSchema("database-schema", args));
  const { inputs } = registrations.find(({ path }) => path.includes("ConfigMap"))!;
  expect(inputs.immutable).toBe(true);
  expect(inputs.data).toEqual({
    "run.sh": expect.stringContaining("run marketing"),
    "0-roles.sql": expect.stringContaining("ALTER ROLE reader"),
    "1-schemas.sql": expect.stringContaining("CREATE SCHEMA IF NOT EXISTS events"),
    "2-collector-0001.sql": "select 1;",
  });
});

test("fails without migrations", async () => {
  await expect(pathsOf({ migrations: {} as typeof args.migrations })).rejects.toThrow(
    "migrations must name at least one file, got {}",
  );
});
