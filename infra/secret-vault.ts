import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { dataProtection } from "./data-protection.ts";

/** Arguments of {@link SecretVault}. */
export interface SecretVaultArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Secret values by name, 1-255 characters of `[A-Za-z0-9_-]`. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;

  /** Whether the secrets outlive the stack. */
  readonly protectData: boolean;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

/** How long a version that is destroyed can still be restored, in seconds. */
const RESTORABLE = 30 * 86_400;

/**
 * Secrets of one stack in Secret Manager, for people and programs outside the cluster.
 *
 * Creates one `Secret` and one `SecretVersion` per name. Nobody but the project's administrators reads one until a
 * `ServiceIdentity` is granted it. A changed value is a new version; the former one is disabled, not destroyed.
 */
export class SecretVault extends pulumi.ComponentResource {
  /** Id of each secret, by name; resolves when the secret has its value. */
  public readonly ids: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: SecretVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:SecretVault", name, {}, opts);

    this.ids = Object.fromEntries(
      Object.entries(args.secrets).map(([key, value]) => {
        const secret = new gcp.secretmanager.Secret(
          `${name}-${key}`,
          {
            project: args.project,
            secretId: key,
            replication: { auto: {} },
            versionDestroyTtl: `${RESTORABLE}s`,
            deletionProtection: args.protectData,
            labels: args.labels,
          },
          { parent: this, ...dataProtection(args.protectData) },
        );
        const version = new gcp.secretmanager.SecretVersion(
          `${name}-${key}`,
          { secret: secret.id, secretData: pulumi.secret(value), deletionPolicy: "DISABLE" },
          { parent: this },
        );
        return [key, pulumi.all([secret.id, version.id]).apply(([id]) => id)];
      }),
    );
    this.registerOutputs({ ids: this.ids });
  }
}
