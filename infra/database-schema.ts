import { createHash } from "node:crypto";
import { dirname } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { databaseCa } from "./database-ca.ts";
import { databaseRolesSql, roleLogins } from "./database-roles.ts";
import { restrictedContainer, restrictedPod } from "./restricted-pod.ts";

/** Arguments of {@link DatabaseSchema}. */
export interface DatabaseSchemaArgs {
  /** Namespace to run in. */
  readonly namespace: string;

  /** Image with `psql`. */
  readonly image: string;

  /** Host of the server. */
  readonly host: pulumi.Input<string>;

  /** Name of the Secret with the passwords of `DatabaseLogins`. */
  readonly secretName: string;

  /** Changes exactly when that Secret does: the SQL is run again then. */
  readonly secretRevision: string;

  /**
   * Name of the ConfigMap with the authority of the server's certificate: connections are encrypted and checked then.
   *
   * @default - connections are not encrypted
   */
  readonly caName?: string;

  /** SQL by file name; run by the administrator in the database `marketing`, in order of name, each time anew. */
  readonly migrations: Readonly<Record<string, string>>;
}

/** User `postgres` of the image. */
const USER = 999;

/**
 * Databases, schemas, logins and tables of one stack.
 *
 * Creates a `ConfigMap` with the SQL and a `Job` that runs it, both named by the digest of the SQL and the revision of the
 * passwords: what changed is a new Job, what did not is not run again. All of it may run any number of times.
 *
 * @throws Error if `migrations` is empty.
 */
export class DatabaseSchema extends pulumi.ComponentResource {
  /** Resolves when the Job has finished. */
  public readonly ready: pulumi.Output<string>;

  constructor(name: string, args: DatabaseSchemaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:DatabaseSchema", name, {}, opts);
    if (Object.keys(args.migrations).length === 0) {
      throw new Error("migrations must name at least one file, got {}");
    }
    const data = {
      "run.sh": runScript,
      "0-roles.sql": databaseRolesSql,
      "1-schemas.sql": schemasSql,
      ...Object.fromEntries(
        Object.entries(args.migrations).map(([file, sql]) => [`2-${file}`, sql]),
      ),
    };
    const digest = createHash("sha256")
      .update(JSON.stringify([args.image, args.secretRevision, Object.entries(data).sort()]))
      .digest("hex")
      .slice(0, 8);
    const labels = {
      "app.kubernetes.io/name": "database-schema",
      "app.kubernetes.io/instance": name,
    };
    const metadata = { name: `database-schema-${digest}`, namespace: args.namespace, labels };

    const scripts = new k8s.core.v1.ConfigMap(
      `${name}-${digest}`,
      { metadata, data, immutable: true },
      { parent: this },
    );
    const job = new k8s.batch.v1.Job(
      `${name}-${digest}`,
      {
        metadata,
        spec: {
          backoffLimit: 10,
          template: {
            metadata: { labels },
            spec: {
              restartPolicy: "OnFailure",
              automountServiceAccountToken: false,
              securityContext: restrictedPod(USER),
              containers: [
                {
                  name: "psql",
                  image: args.image,
                  command: ["bash", "/sql/run.sh"],
                  env: [{ name: "PGHOST", value: args.host }, ...(args.caName ? encryption : [])],
                  envFrom: [{ secretRef: { name: args.secretName } }],
                  resources: {
                    requests: { cpu: "10m", memory: "32Mi", "ephemeral-storage": "8Mi" },
                    limits: { memory: "128Mi", "ephemeral-storage": "64Mi" },
                  },
                  securityContext: restrictedContainer,
                  volumeMounts: [
                    { name: "sql", mountPath: "/sql" },
                    ...(args.caName
                      ? [{ name: "database-ca", mountPath: dirname(databaseCa.path) }]
                      : []),
                  ],
                },
              ],
              volumes: [
                { name: "sql", configMap: { name: scripts.metadata.name } },
                ...(args.caName ? [{ name: "database-ca", configMap: { name: args.caName } }] : []),
              ],
            },
          },
        },
      },
      { parent: this },
    );

    this.ready = job.id;
    this.registerOutputs({ ready: this.ready });
  }
}

/** What makes psql refuse a server of another authority. */
const encryption = [
  { name: "PGSSLMODE", value: "verify-ca" },
  { name: "PGSSLROOTCERT", value: databaseCa.path },
];

// With \password, psql sends what the server keeps of a password, which lets nobody in: failed statements are in the server's log.
const runScript = `set -euo pipefail
export PGUSER=postgres PGCONNECT_TIMEOUT=5
run() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname="$1" --file="$2"; }
give_password() { printf '%s\\n' "$2" "$2" | psql --no-psqlrc --quiet --dbname=postgres --command="\\password $1"; }
export PGPASSWORD=$POSTGRES_PASSWORD
if [ -n "\${POSTGRES_PASSWORD_PREVIOUS-}" ] && ! psql --no-psqlrc --dbname=postgres --command="" 2>/dev/null; then
  export PGPASSWORD=$POSTGRES_PASSWORD_PREVIOUS
  give_password postgres "$POSTGRES_PASSWORD"
  export PGPASSWORD=$POSTGRES_PASSWORD
fi
run postgres /sql/0-roles.sql
for login in ${roleLogins.join(" ")}; do
  password=\${login^^}_PASSWORD
  [ -z "\${!password-}" ] || give_password "$login" "\${!password}"
done
run marketing /sql/1-schemas.sql
for file in /sql/2-*.sql; do
  echo "$file"
  run marketing "$file"
done
`;

const schemasSql = `REVOKE CREATE ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS events;
CREATE SCHEMA IF NOT EXISTS ledger;
CREATE SCHEMA IF NOT EXISTS jobs AUTHORIZATION worker;
CREATE SCHEMA IF NOT EXISTS profiles AUTHORIZATION worker;
GRANT USAGE ON SCHEMA events TO collector, worker, reader;
GRANT USAGE ON SCHEMA ledger TO worker, reader;
GRANT USAGE ON SCHEMA jobs, profiles TO reader;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES FOR ROLE worker GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA events GRANT SELECT ON TABLES TO worker;
`;
