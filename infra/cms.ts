import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Arguments of {@link Cms}. */
export interface CmsArgs {
  /** Namespace to run in. */
  readonly namespace: string;

  /** Reference of the image; plain, so that a preview shows the chart's objects. */
  readonly image: string;

  /** URL of the database `cms` with the login `cms`. */
  readonly databaseUrl: pulumi.Input<string>;

  /** Where browsers reach the CMS. */
  readonly publicUrl: string;

  /** Login of the first administrator. */
  readonly adminEmail: string;

  /** Number of replicas, at least 1. */
  readonly replicas: number;

  /**
   * Port on every node, 30000-32767.
   *
   * @default - reachable inside the cluster only
   */
  readonly nodePort?: number;
}

/**
 * The headless CMS of one stack.
 *
 * Creates its generated secrets (`random:RandomPassword`), a `Secret` `cms` and the chart `charts/cms`.
 */
export class Cms extends pulumi.ComponentResource {
  /** Password of the first administrator (secret). */
  public readonly adminPassword: pulumi.Output<string>;

  /** Token by which the worker reads the CMS (secret). */
  public readonly workerApiToken: pulumi.Output<string>;

  /** Token that the CMS's webhook brings to the worker (secret). */
  public readonly webhookToken: pulumi.Output<string>;

  constructor(name: string, args: CmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:Cms", name, {}, opts);
    const generated = (suffix: string, length: number): pulumi.Output<string> =>
      new random.RandomPassword(
        `${name}-${suffix}`,
        { length, special: false, minLower: 1, minUpper: 1, minNumeric: 1 },
        { parent: this },
      ).result;

    this.adminPassword = generated("admin-password", 24);
    this.workerApiToken = generated("worker-api-token", 64);
    this.webhookToken = generated("webhook-token", 48);
    const secret = new k8s.core.v1.Secret(
      name,
      {
        metadata: { name: "cms", namespace: args.namespace },
        stringData: {
          DATABASE_URL: args.databaseUrl,
          APP_KEYS: pulumi.interpolate`${generated("app-key-1", 32)},${generated("app-key-2", 32)}`,
          API_TOKEN_SALT: generated("api-token-salt", 32),
          ADMIN_JWT_SECRET: generated("admin-jwt-secret", 32),
          TRANSFER_TOKEN_SALT: generated("transfer-token-salt", 32),
          JWT_SECRET: generated("jwt-secret", 32),
          ENCRYPTION_KEY: generated("encryption-key", 32),
          ADMIN_EMAIL: args.adminEmail,
          ADMIN_PASSWORD: this.adminPassword,
          WORKER_API_TOKEN: this.workerApiToken,
          WEBHOOK_TOKEN: this.webhookToken,
        },
      },
      { parent: this },
    );
    new k8s.helm.v4.Chart(
      name,
      {
        chart: "./charts/cms",
        namespace: args.namespace,
        values: {
          image: args.image,
          replicas: args.replicas,
          secretName: "cms",
          secretRevision: args.adminEmail,
          publicUrl: args.publicUrl,
          nodePort: args.nodePort ?? null,
        },
      },
      { parent: this, dependsOn: [secret] },
    );

    this.registerOutputs({
      adminPassword: this.adminPassword,
      workerApiToken: this.workerApiToken,
      webhookToken: this.webhookToken,
    });
  }
}
