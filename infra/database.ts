import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { DatabaseLogins, type Role } from "./database-logins.ts";
import { databaseStart, databaseVolume } from "./database-start.ts";
import type { Generations } from "./generated-secret.ts";
import type { SecretValue } from "./secret-value.ts";
import { restrictedContainer, restrictedPod } from "./restricted-pod.ts";
import { unawaitedService } from "./unawaited-service.ts";

/** Arguments of {@link Database}. */
export interface DatabaseArgs {
  /** Namespace to run in. */
  readonly namespace: string;

  /** Image with one major version of PostgreSQL, in `/usr/lib/postgresql/<major>/bin`. */
  readonly image: string;

  /** Size of the volume, in GiB. */
  readonly diskGib: number;

  /** Whether the volume outlives the stack. */
  readonly protectData: boolean;

  /** Valid generations of the passwords. */
  readonly generations: Generations;

  /**
   * Port on every node, 30000-32767.
   *
   * @default - reachable inside the cluster only
   */
  readonly nodePort?: number;
}

/** User `postgres` of the image. */
const USER = 999;

/** PostgreSQL's port. */
const PORT = 5432;

/**
 * The PostgreSQL of one stack: server, volume, and the passwords of its logins.
 *
 * Creates a `StatefulSet` with one replica and one volume, a `Service`, a `Secret` `database` and the generated passwords
 * of {@link DatabaseLogins}. The logins themselves are made by `DatabaseSchema`.
 *
 * @throws Error if `diskGib` is not a whole number of at least 1.
 */
export class Database extends pulumi.ComponentResource {
  /** Host name inside the namespace. */
  public readonly host = "database";

  /** Port inside the namespace. */
  public readonly port = PORT;

  /** Name of the Secret for `DatabaseSchema`. */
  public readonly secretName = "database";

  /** Changes exactly when that Secret does. */
  public readonly secretRevision: string;

  /** Resolves when the server accepts connections. */
  public readonly ready: pulumi.Output<string>;

  private readonly logins: DatabaseLogins;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:Database", name, {}, opts);
    requireWholeGib(args.diskGib);
    const labels = { "app.kubernetes.io/name": "database", "app.kubernetes.io/instance": name };
    const metadata = (object: string) => ({ name: object, namespace: args.namespace, labels });

    this.logins = new DatabaseLogins(name, args.generations, { parent: this });
    this.secretRevision = this.logins.revision;
    const secret = new k8s.core.v1.Secret(
      `${name}-logins`,
      {
        metadata: metadata(this.secretName),
        stringData: Object.fromEntries(
          Object.entries(this.logins.passwords).map(([key, { value }]) => [key, value]),
        ),
      },
      { parent: this },
    );
    const service = new k8s.core.v1.Service(
      name,
      {
        metadata: { ...metadata("database"), annotations: unawaitedService },
        spec: {
          type: args.nodePort ? "NodePort" : "ClusterIP",
          selector: labels,
          ports: [
            { name: "postgres", port: PORT, targetPort: "postgres", nodePort: args.nodePort },
          ],
        },
      },
      { parent: this },
    );
    const server = new k8s.apps.v1.StatefulSet(
      name,
      {
        metadata: metadata("database"),
        spec: {
          serviceName: "database",
          replicas: 1,
          selector: { matchLabels: labels },
          persistentVolumeClaimRetentionPolicy: {
            whenDeleted: args.protectData ? "Retain" : "Delete",
            whenScaled: "Retain",
          },
          template: {
            metadata: { labels },
            spec: {
              automountServiceAccountToken: false,
              securityContext: restrictedPod(USER),
              terminationGracePeriodSeconds: 60,
              containers: [
                {
                  name: "postgres",
                  image: args.image,
                  command: ["bash", "-euc", databaseStart],
                  env: [
                    {
                      name: "POSTGRES_PASSWORD",
                      valueFrom: {
                        secretKeyRef: { name: this.secretName, key: "POSTGRES_PASSWORD" },
                      },
                    },
                  ],
                  ports: [{ name: "postgres", containerPort: PORT }],
                  readinessProbe: probe(2),
                  livenessProbe: probe(20),
                  // A start that loads a dump begins anew when it is ended: it may take a day, as in its script.
                  startupProbe: { ...probe(1), failureThreshold: 86_400 },
                  resources: {
                    requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "32Mi" },
                    limits: { memory: "512Mi", "ephemeral-storage": "256Mi" },
                  },
                  securityContext: restrictedContainer,
                  volumeMounts: [
                    { name: "data", mountPath: databaseVolume },
                    { name: "run", mountPath: "/var/run/postgresql" },
                    { name: "tmp", mountPath: "/tmp" },
                  ],
                },
              ],
              volumes: [
                { name: "run", emptyDir: {} },
                { name: "tmp", emptyDir: {} },
              ],
            },
          },
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: {
                accessModes: ["ReadWriteOnce"],
                resources: { requests: { storage: `${args.diskGib}Gi` } },
              },
            },
          ],
        },
      },
      { parent: this, dependsOn: [secret, service], protect: args.protectData },
    );

    this.ready = server.id;
    this.registerOutputs({
      host: this.host,
      port: this.port,
      secretName: this.secretName,
      secretRevision: this.secretRevision,
      ready: this.ready,
    });
  }

  /**
   * URL by which `role` reaches `database` (secret).
   *
   * @param host `name:port`; by default the one inside the namespace.
   */
  public url(
    role: Role,
    database: "cms" | "marketing",
    host = `${this.host}:${this.port}`,
  ): SecretValue & { readonly value: pulumi.Output<string> } {
    return this.logins.url(role, host, database);
  }
}

function probe(periodSeconds: number) {
  return {
    exec: {
      command: ["bash", "-c", "exec /usr/lib/postgresql/*/bin/pg_isready -q -h 127.0.0.1"],
    },
    periodSeconds,
    timeoutSeconds: 5,
    failureThreshold: 6,
  };
}

function requireWholeGib(gib: number): void {
  if (!Number.isInteger(gib) || gib < 1) {
    throw new Error(`diskGib must be a whole number of at least 1, got ${JSON.stringify(gib)}`);
  }
}
