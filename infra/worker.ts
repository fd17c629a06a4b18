import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SecretValue } from "./secret-value.ts";
import { podMonitoring } from "./pod-monitoring.ts";
import { placementValues, type ServicePlacement } from "./service-placement.ts";
import { serviceSecret } from "./service-secret.ts";
import { unawaitedService } from "./unawaited-service.ts";

/** Arguments of {@link Worker}. */
export interface WorkerArgs extends ServicePlacement {
  /** Namespace to run in. */
  readonly namespace: string;

  /** Reference of the image; plain, so that a preview shows the chart's objects. */
  readonly image: string;

  /** URL of the database `marketing` for the role `worker`. */
  readonly databaseUrl: SecretValue;

  /** Token by which the worker reads the CMS. */
  readonly cmsApiToken: SecretValue;

  /** Token that the CMS's webhook brings. */
  readonly webhookToken: SecretValue;

  /**
   * Token that the webhook of CMS pods may still bring.
   *
   * @default - none
   */
  readonly previousWebhookToken?: SecretValue;

  /**
   * Slack-compatible webhook that hears of publications.
   *
   * @default - nobody is told
   */
  readonly chatWebhookUrl?: SecretValue;

  /**
   * Settings of ways to other systems, as JSON.
   *
   * @default - there is none
   */
  readonly connectors?: SecretValue;

  /**
   * How letters leave, as the worker's `MAIL` has it.
   *
   * @default - no letters leave
   */
  readonly mail?: SecretValue;

  /**
   * Days that events of a source are kept, by its name.
   *
   * @default - for ever
   */
  readonly retentionDays?: Readonly<Record<string, number>>;

  /**
   * Name of the ConfigMap with the authority of the database's server.
   *
   * @default - the URL asks for none
   */
  readonly databaseCaName?: string;

  /** Number of replicas, at least 1. */
  readonly replicas: number;

  /**
   * What a part of them runs instead of `image`.
   *
   * @default - all run `image`
   */
  readonly previous?: { readonly image: string; readonly replicas: number };
}

/**
 * The automation worker of one stack.
 *
 * Creates a `Secret` `worker`, the chart `charts/worker` and, for Managed Prometheus, a `PodMonitoring`.
 */
export class Worker extends pulumi.ComponentResource {
  constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:Worker", name, {}, opts);

    const secret = serviceSecret(
      name,
      args.namespace,
      {
        DATABASE_URL: args.databaseUrl,
        CMS_API_TOKEN: args.cmsApiToken,
        WEBHOOK_TOKEN: args.webhookToken,
        WEBHOOK_TOKEN_PREVIOUS: args.previousWebhookToken,
        CHAT_WEBHOOK_URL: args.chatWebhookUrl,
        CONNECTORS: args.connectors,
        MAIL: args.mail,
      },
      { parent: this },
    );
    const { image, replicas, previous = { image, replicas } } = args;
    const canaries = replicas - previous.replicas;
    new k8s.helm.v4.Chart(
      name,
      {
        chart: "./charts/worker",
        namespace: args.namespace,
        // One definition serves every stack of a cluster: it is the platform's.
        skipCrds: true,
        values: {
          image: previous.image,
          replicas: previous.replicas,
          ...(canaries > 0 && { canary: { image, replicas: canaries } }),
          secretName: "worker",
          secretRevision: secret.revision,
          databaseCaName: args.databaseCaName,
          serviceAnnotations: unawaitedService,
          ...(Object.keys(args.retentionDays ?? {}).length > 0 && {
            retentionDays: args.retentionDays,
          }),
          ...placementValues(args),
        },
      },
      { parent: this, dependsOn: [secret.resource] },
    );
    if (args.managedPrometheus) podMonitoring(name, args.namespace, { parent: this });

    this.registerOutputs({});
  }
}
