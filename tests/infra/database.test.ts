import * as pulumi from "@pulumi/pulumi";
import { Database } from "../../infra/database.ts";
import { databaseStart } from "../../infra/database-start.ts";
import { registrationsOf, secret } from "../mocks.ts";

const args = {
  namespace: "dev",
  image: "registry/postgres",
  diskGib: 2,
  protectData: false,
  generations: {},
  nodePort: 30103,
};

test("creates a server with one volume, its service and a password for each login", async () => {
  expect(await registrationsOf(() => new Database("database", args))).toEqual([
    { path: "marketing-stack:infra:Database::database", inputs: {} },
    {
      path: "marketing-stack:infra:Database$kubernetes:apps/v1:StatefulSet::database",
      inputs: {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: {
          labels: {
            "app.kubernetes.io/instance": "database",
            "app.kubernetes.io/name": "database",
          },
          name: "database",
          namespace: "dev",
        },
        spec: {
          persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
          replicas: 1,
          selector: {
            matchLabels: {
              "app.kubernetes.io/instance": "database",
              "app.kubernetes.io/name": "database",
            },
          },
          serviceName: "database",
          template: {
            metadata: {
              labels: {
                "app.kubernetes.io/instance": "database",
                "app.kubernetes.io/name": "database",
              },
            },
            spec: {
              automountServiceAccountToken: false,
              containers: [
                {
                  command: ["bash", "-euc", databaseStart],
                  env: [
                    {
                      name: "POSTGRES_PASSWORD",
                      valueFrom: { secretKeyRef: { key: "POSTGRES_PASSWORD", name: "database" } },
                    },
                  ],
                  image: "registry/postgres",
                  livenessProbe: {
                    exec: {
                      command: [
                        "bash",
                        "-c",
                        "exec /usr/lib/postgresql/*/bin/pg_isready -q -h 127.0.0.1",
                      ],
                    },
                    failureThreshold: 6,
                    periodSeconds: 20,
                    timeoutSeconds: 5,
                  },
                  name: "postgres",
                  ports: [{ containerPort: 5432, name: "postgres" }],
                  readinessProbe: {
                    exec: {
                      command: [
                        "bash",
                        "-c",
                        "exec /usr/lib/postgresql/*/bin/pg_isready -q -h 127.0.0.1",
                      ],
                    },
                    failureThreshold: 6,
                    periodSeconds: 2,
                    timeoutSeconds: 5,
                  },
                  resources: {
                    limits: { memory: "512Mi", "ephemeral-storage": "256Mi" },
                    requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "32Mi" },
                  },
                  securityContext: {
                    allowPrivilegeEscalation: false,
                    capabilities: { drop: ["ALL"] },
                    readOnlyRootFilesystem: true,
                  },
                  startupProbe: {
                    exec: {
                      command: [
                        "bash",
                        "-c",
                        "exec /usr/lib/postgresql/*/bin/pg_isready -q -h 127.0.0.1",
                      ],
                    },
                    failureThreshold: 86_400,
                    periodSeconds: 1,
                    timeoutSeconds: 5,
                  },
                  volumeMounts: [
                    { mountPath: "/var/lib/postgresql/data", name: "data" },
                    { mountPath: "/var/run/postgresql", name: "run" },
                    { mountPath: "/tmp", name: "tmp" },
                  ],
                },
              ],
              securityContext: {
                fsGroup: 999,
                runAsGroup: 999,
                runAsNonRoot: true,
                runAsUser: 999,
                seccompProfile: { type: "RuntimeDefault" },
              },
              terminationGracePeriodSeconds: 60,
              volumes: [
                { emptyDir: {}, name: "run" },
                { emptyDir: {}, name: "tmp" },
              ],
            },
          },
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "2Gi" } } },
            },
          ],
        },
      },
    },
    {
      path: "marketing-stack:infra:Database$kubernetes:core/v1:Secret::database-logins",
      inputs: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          labels: {
            "app.kubernetes.io/instance": "database",
            "app.kubernetes.io/name": "database",
          },
          name: "database",
          namespace: "dev",
        },
        stringData: secret({
          CMS_PASSWORD: "generated-database-cms",
          COLLECTOR_PASSWORD: "generated-database-collector",
          POSTGRES_PASSWORD: "generated-database-postgres",
          READER_PASSWORD: "generated-database-reader",
          WORKER_PASSWORD: "generated-database-worker",
        }),
      },
    },
    {
      path: "marketing-stack:infra:Database$kubernetes:core/v1:Service::database",
      inputs: {
        apiVersion: "v1",
        kind: "Service",
        metadata: {
          annotations: { "pulumi.com/skipAwait": "true" },
          labels: {
            "app.kubernetes.io/instance": "database",
            "app.kubernetes.io/name": "database",
          },
          name: "database",
          namespace: "dev",
        },
        spec: {
          ports: [{ name: "postgres", nodePort: 30103, port: 5432, targetPort: "postgres" }],
          selector: {
            "app.kubernetes.io/instance": "database",
            "app.kubernetes.io/name": "database",
          },
          type: "NodePort",
        },
      },
    },
    {
      path: "marketing-stack:infra:Database$random:index/randomPassword:RandomPassword::database-cms",
      inputs: { length: 32, special: false },
    },
    {
      path: "marketing-stack:infra:Database$random:index/randomPassword:RandomPassword::database-collector",
      inputs: { length: 32, special: false },
    },
    {
      path: "marketing-stack:infra:Database$random:index/randomPassword:RandomPassword::database-postgres",
      inputs: { length: 32, special: false },
    },
    {
      path: "marketing-stack:infra:Database$random:index/randomPassword:RandomPassword::database-reader",
      inputs: { length: 32, special: false },
    },
    {
      path: "marketing-stack:infra:Database$random:index/randomPassword:RandomPassword::database-worker",
      inputs: { length: 32, special: false },
    },
  ]);
});

test.each([
  [true, "Retain"],
  [false, "Delete"],
])(
  "with protectData %s the server's protection is the same and its volume has %s",
  async (protectData, whenDeleted) => {
    const protection: unknown[] = [];
    const isProtected: pulumi.ResourceTransformation = ({ type, opts }) => {
      if (type.endsWith(":StatefulSet")) protection.push(opts.protect);
      return undefined;
    };
    const registrations = await registrationsOf(
      () => new Database("database", { ...args, protectData }, { transformations: [isProtected] }),
    );
    expect(protection).toEqual([protectData]);
    expect(
      registrations.find(({ path }) => path.includes("StatefulSet"))?.inputs.spec,
    ).toMatchObject({
      persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled: "Retain" },
    });
  },
);

test("the URL of a login is a secret", async () => {
  let database: Database | undefined;
  await registrationsOf(() => {
    database = new Database("database", args);
  });
  expect(await pulumi.isSecret(database!.url("reader", "marketing").value)).toBe(true);
});

test("fails on a size that is no whole number", async () => {
  await expect(
    registrationsOf(() => new Database("database", { ...args, diskGib: 0.5 })),
  ).rejects.toThrow("diskGib must be a whole number of at least 1, got 0.5");
});
