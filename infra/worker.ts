import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link Worker}. */
export interface WorkerArgs {
  /** Namespace to run in. */
  readonly namespace: string;

  /** Reference of the image; plain, so that a preview shows the chart's objects. */
  readonly image: string;

  /** URL of the database `marketing` with the login `worker`. */
  readonly databaseUrl: pulumi.Input<string>;

  /** Token by which the worker reads the CMS. */
  readonly cmsApiToken: pulumi.Input<string>;

  /** Token that the CMS's webhook brings. */
  readonly webhookToken: pulumi.Input<string>;

  /**
   * Slack-compatible webhook that hears of publications.
   *
   * @default - nobody is told
   */
  readonly chatWebhookUrl?: pulumi.Input<string>;

  /** Changes here restart the worker; set it to what decides the secrets' values. */
  readonly secretRevision: string;

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
 * The automation worker of one stack.
 *
 * Creates a `Secret` `worker` and the chart `charts/worker`.
 */
export class Worker extends pulumi.ComponentResource {
  constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:Worker", name, {}, opts);

    const secret = new k8s.core.v1.Secret(
      name,
      {
        metadata: { name: "worker", namespace: args.namespace },
        stringData: {
          DATABASE_URL: args.databaseUrl,
          CMS_API_TOKEN: args.cmsApiToken,
          WEBHOOK_TOKEN: args.webhookToken,
          ...(args.chatWebhookUrl === undefined ? {} : { CHAT_WEBHOOK_URL: args.chatWebhookUrl }),
        },
      },
      { parent: this },
    );
    new k8s.helm.v4.Chart(
      name,
      {
        chart: "./charts/worker",
        namespace: args.namespace,
        values: {
          image: args.image,
          replicas: args.replicas,
          secretName: "worker",
          secretRevision: args.secretRevision,
          nodePort: args.nodePort ?? null,
        },
      },
      { parent: this, dependsOn: [secret] },
    );

    this.registerOutputs({});
  }
}
