import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { dataProtection } from "./data-protection.ts";
import { databaseCa } from "./database-ca.ts";
import { DatabaseLogins, databaseSecrets, type Role } from "./database-logins.ts";
import type { Generations } from "./generated-secret.ts";
import type { SecretValue } from "./secret-value.ts";

/** Arguments of {@link CloudDatabase}. */
export interface CloudDatabaseArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Region, as `europe-west1`. */
  readonly region: string;

  /** Id of the VPC that the server gets its private address in; its peering with managed services must be there. */
  readonly network: pulumi.Input<string>;

  /** Namespace of the Secret and the ConfigMap. */
  readonly namespace: string;

  /** Processors and memory, as Cloud SQL names them: `db-custom-2-7680`. */
  readonly tier: string;

  /** Size of the disk at first, in GiB, at least 10; it grows by itself. */
  readonly diskGib: number;

  /** Whether the server outlives the stack, and Google refuses to delete it. */
  readonly protectData: boolean;

  /** Valid generations of the passwords. */
  readonly generations: Generations;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

/** PostgreSQL's port. */
const PORT = 5432;

/**
 * The PostgreSQL of one stack on Google Cloud: Cloud SQL, in two zones, restorable to any second of the last week.
 *
 * Creates a `DatabaseInstance` with a private address only, its administrator `postgres`, a `Secret` `database` with the
 * generated passwords of {@link DatabaseLogins}, and a `ConfigMap` `database-ca` with the server's own authority. The
 * logins themselves are made by `DatabaseSchema`. The server refuses connections that are not encrypted, and clients
 * refuse a server whose certificate is of another authority; the certificate names no address, so none is compared.
 *
 * @throws Error if `diskGib` is not a whole number of at least 10.
 */
export class CloudDatabase extends pulumi.ComponentResource {
  /** Private address. */
  public readonly host: pulumi.Output<string>;

  /** Port at that address. */
  public readonly port = PORT;

  /** Name of the Secret for `DatabaseSchema`. */
  public readonly secretName = "database";

  /** Changes exactly when that Secret does. */
  public readonly secretRevision: string;

  /** Name of the ConfigMap with the authority of the server's certificate. */
  public readonly caName = "database-ca";

  /** Resolves when the administrator can log in. */
  public readonly ready: pulumi.Output<string>;

  private readonly logins: DatabaseLogins;

  constructor(name: string, args: CloudDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:CloudDatabase", name, {}, opts);
    requireWholeGib(args.diskGib);
    const { project, namespace } = args;

    const server = new gcp.sql.DatabaseInstance(
      name,
      {
        project,
        region: args.region,
        name: "marketing-stack",
        databaseVersion: "POSTGRES_15",
        deletionProtection: args.protectData,
        settings: settings(args),
      },
      { parent: this, ...dataProtection(args.protectData) },
    );
    this.logins = new DatabaseLogins(name, args.generations, { parent: this });
    this.secretRevision = this.logins.revision;
    const administrator = new gcp.sql.User(
      `${name}-postgres`,
      {
        project,
        instance: server.name,
        name: "postgres",
        password: this.logins.administrator.newest.value,
        // It owns what `DatabaseSchema` made, so PostgreSQL would not drop it.
        deletionPolicy: "ABANDON",
      },
      { parent: this },
    );
    new k8s.core.v1.Secret(
      `${name}-logins`,
      {
        metadata: { name: this.secretName, namespace },
        stringData: Object.fromEntries(
          Object.entries(this.logins.passwords).map(([key, { value }]) => [key, value]),
        ),
      },
      { parent: this },
    );
    new k8s.core.v1.ConfigMap(
      `${name}-ca`,
      {
        metadata: { name: this.caName, namespace },
        // More than one while the authority is being changed.
        data: {
          [databaseCa.key]: server.serverCaCerts.apply((certificates) =>
            certificates.map(({ cert }) => cert).join("\n"),
          ),
        },
      },
      { parent: this },
    );

    this.host = server.privateIpAddress;
    this.ready = administrator.id;
    this.registerOutputs({
      host: this.host,
      port: this.port,
      secretName: this.secretName,
      secretRevision: this.secretRevision,
      caName: this.caName,
      ready: this.ready,
    });
  }

  /** URL by which `role` reaches `database` from a pod that mounts the ConfigMap (secret). */
  public url(
    role: Role,
    database: "cms" | "marketing",
  ): SecretValue & { readonly value: pulumi.Output<string> } {
    const { value, revision } = this.logins.url(
      role,
      pulumi.interpolate`${this.host}:${this.port}`,
      database,
    );
    return { value: pulumi.interpolate`${value}?${encryption}`, revision };
  }
}

/** Without `uselibpqcompat`, node-postgres would also compare the name in the certificate, which Cloud SQL leaves out. */
const encryption = `sslmode=verify-ca&sslrootcert=${databaseCa.path}&uselibpqcompat=true`;

function settings(args: CloudDatabaseArgs): gcp.types.input.sql.DatabaseInstanceSettings {
  return {
    edition: "ENTERPRISE",
    tier: args.tier,
    availabilityType: "REGIONAL",
    diskType: "PD_SSD",
    diskSize: args.diskGib,
    diskAutoresize: true,
    deletionProtectionEnabled: args.protectData,
    retainBackupsOnDelete: args.protectData,
    backupConfiguration: {
      enabled: true,
      startTime: "01:00",
      backupRetentionSettings: { retainedBackups: 30, retentionUnit: "COUNT" },
      pointInTimeRecoveryEnabled: true,
      transactionLogRetentionDays: 7,
    },
    ipConfiguration: {
      ipv4Enabled: false,
      privateNetwork: args.network,
      sslMode: "ENCRYPTED_ONLY",
      serverCaMode: "GOOGLE_MANAGED_INTERNAL_CA",
    },
    maintenanceWindow: { day: 2, hour: 3, updateTrack: "stable" },
    insightsConfig: { queryInsightsEnabled: true },
    // No rule on kinds of characters: generated passwords are letters and digits.
    passwordValidationPolicy: {
      enablePasswordPolicy: true,
      minLength: Math.min(...Object.values(databaseSecrets).map(({ length }) => length)),
    },
    userLabels: args.labels,
  };
}

function requireWholeGib(gib: number): void {
  if (!Number.isInteger(gib) || gib < 10) {
    throw new Error(`diskGib must be a whole number of at least 10, got ${JSON.stringify(gib)}`);
  }
}
