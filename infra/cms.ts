import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { cmsSecrets, type CmsSecret } from "./cms-secrets.ts";
import { dataProtection } from "./data-protection.ts";
import { GeneratedSecret, type Generations } from "./generated-secret.ts";
import type { SecretValue } from "./secret-value.ts";
import { podMonitoring } from "./pod-monitoring.ts";
import { placementValues, type ServicePlacement } from "./service-placement.ts";
import { serviceSecret } from "./service-secret.ts";
import { unawaitedService } from "./unawaited-service.ts";

/** Arguments of {@link Cms}. */
export interface CmsArgs extends ServicePlacement {
  /** Namespace to run in. */
  readonly namespace: string;

  /** Reference of the image; plain, so that a preview shows the chart's objects. */
  readonly image: string;

  /** URL of the database `cms` for the role `cms`. */
  readonly databaseUrl: SecretValue;

  /** Where browsers reach the CMS. */
  readonly publicUrl: string;

  /** Login of the first administrator. */
  readonly adminEmail: string;

  /** Valid generations of the secrets. */
  readonly generations: Generations;

  /**
   * Name of the ConfigMap with the authority of the database's server.
   *
   * @default - the URL asks for none
   */
  readonly databaseCaName?: string;

  /**
   * Name of the bucket of Cloud Storage in which uploaded files lie, plain; the pods' identity may write to it.
   *
   * @default - they lie on a volume, which the pods share on one node
   */
  readonly mediaBucket?: string;

  /** Whether a volume with uploaded files outlives the stack. */
  readonly protectData: boolean;

  /** Number of replicas, at least 1. */
  readonly replicas: number;
}

/** Size of the volume with uploaded files, in GiB. */
const MEDIA_GIB = 5;

/** Name of its claim. */
const MEDIA_CLAIM = "cms-media";

/**
 * The headless CMS of one stack.
 *
 * Creates the generated secrets `<name>-<end>` of `cmsSecrets`, a `Secret` `cms`, without `mediaBucket` a
 * `PersistentVolumeClaim` `cms-media`, the chart `charts/cms` and, for Managed Prometheus, a `PodMonitoring`.
 *
 * The worker has to be rolled out after it: of the token that the CMS sends, the worker accepts the new one before it is
 * sent; of the token that the worker sends, the CMS does.
 */
export class Cms extends pulumi.ComponentResource {
  /** Password of the first administrator (secret). */
  public readonly adminPassword: pulumi.Output<string>;

  /** Token by which content goes into a release, and comes with one (secret). */
  public readonly contentApiToken: pulumi.Output<string>;

  /** Token by which the worker reads the CMS. */
  public readonly workerApiToken: GeneratedSecret;

  /** Token that the CMS's webhook brings to the worker. */
  public readonly webhookToken: GeneratedSecret;

  constructor(name: string, args: CmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:Cms", name, {}, opts);
    const generated = (end: CmsSecret): GeneratedSecret =>
      new GeneratedSecret(`${name}-${end}`, cmsSecrets[end], args.generations, { parent: this });

    const adminPassword = generated("admin-password").newest;
    const apiTokenSalt = generated("api-token-salt");
    const contentApiToken = generated("content-api-token");
    this.adminPassword = adminPassword.value;
    this.contentApiToken = contentApiToken.newest.value;
    this.workerApiToken = generated("worker-api-token");
    this.webhookToken = generated("webhook-token");
    const secret = serviceSecret(
      name,
      args.namespace,
      {
        DATABASE_URL: args.databaseUrl,
        APP_KEYS: generated("app-keys").all((keys) => keys.join(",")),
        API_TOKEN_SALT: apiTokenSalt.newest,
        API_TOKEN_SALT_PREVIOUS: apiTokenSalt.previous,
        ADMIN_JWT_SECRET: generated("admin-jwt-secret").newest,
        TRANSFER_TOKEN_SALT: generated("transfer-token-salt").newest,
        JWT_SECRET: generated("jwt-secret").newest,
        ENCRYPTION_KEY: generated("encryption-key").newest,
        ADMIN_EMAIL: { value: args.adminEmail, revision: args.adminEmail },
        ADMIN_PASSWORD: adminPassword,
        WORKER_API_TOKEN: this.workerApiToken.newest,
        WORKER_API_TOKEN_PREVIOUS: this.workerApiToken.previous,
        CONTENT_API_TOKEN: contentApiToken.newest,
        CONTENT_API_TOKEN_PREVIOUS: contentApiToken.previous,
        // Workers that do not know the newest one yet are rolled out after this.
        WEBHOOK_TOKEN: this.webhookToken.oldest,
      },
      { parent: this },
    );
    const { mediaBucket } = args;
    const volume =
      mediaBucket === undefined &&
      mediaVolume(`${name}-media`, args.namespace, {
        parent: this,
        ...dataProtection(args.protectData),
      });
    new k8s.helm.v4.Chart(
      name,
      {
        chart: "./charts/cms",
        namespace: args.namespace,
        values: {
          image: args.image,
          replicas: args.replicas,
          secretName: "cms",
          secretRevision: secret.revision,
          databaseCaName: args.databaseCaName,
          ...(volume ? { mediaClaimName: MEDIA_CLAIM } : { mediaBucket }),
          publicUrl: args.publicUrl,
          serviceAnnotations: unawaitedService,
          ...placementValues(args),
        },
      },
      { parent: this, dependsOn: [secret.resource, ...(volume ? [volume] : [])] },
    );
    if (args.managedPrometheus) podMonitoring(name, args.namespace, { parent: this });

    this.registerOutputs({
      adminPassword: this.adminPassword,
      contentApiToken: this.contentApiToken,
    });
  }
}

function mediaVolume(
  name: string,
  namespace: string,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.PersistentVolumeClaim {
  return new k8s.core.v1.PersistentVolumeClaim(
    name,
    {
      metadata: {
        name: MEDIA_CLAIM,
        namespace,
        labels: { "app.kubernetes.io/name": "cms", "app.kubernetes.io/instance": "cms" },
        // Many a storage class makes the volume only when the first pod asks for it, and that one comes after this.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: `${MEDIA_GIB}Gi` } },
      },
    },
    opts,
  );
}
