import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { dataProtection } from "./data-protection.ts";

/** Arguments of {@link EncryptionKey}. */
export interface EncryptionKeyArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Region of what the key encrypts. */
  readonly region: string;

  /** Name of the key: 1-63 characters of `[A-Za-z0-9_-]`. */
  readonly keyName: string;

  /** E-mail address of the one service account that may encrypt and decrypt with it. */
  readonly user: pulumi.Input<string>;

  /** Whether the key outlives the stack: what it encrypted is lost without it. */
  readonly protectData: boolean;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

/** How often a new version of the key takes over, in seconds. Old versions go on decrypting. */
const ROTATION = 90 * 86_400;

/** How long a version that somebody destroys can still be restored, in seconds. */
const RESTORABLE = 30 * 86_400;

/**
 * A key of Cloud KMS that one service account uses.
 *
 * Creates a `KeyRing`, a `CryptoKey` that rotates, and the grant. Google never deletes a key ring.
 */
export class EncryptionKey extends pulumi.ComponentResource {
  /** Id of the key; resolves when its user may use it. */
  public readonly id: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:EncryptionKey", name, {}, opts);
    const protectedData = { parent: this, ...dataProtection(args.protectData) };

    const ring = new gcp.kms.KeyRing(
      name,
      { project: args.project, location: args.region, name: "marketing-stack" },
      protectedData,
    );
    const key = new gcp.kms.CryptoKey(
      name,
      {
        keyRing: ring.id,
        name: args.keyName,
        purpose: "ENCRYPT_DECRYPT",
        rotationPeriod: `${ROTATION}s`,
        destroyScheduledDuration: `${RESTORABLE}s`,
        labels: args.labels,
      },
      protectedData,
    );
    const grant = new gcp.kms.CryptoKeyIAMMember(
      name,
      {
        cryptoKeyId: key.id,
        role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member: pulumi.interpolate`serviceAccount:${args.user}`,
      },
      { parent: this },
    );

    this.id = pulumi.all([key.id, grant.id]).apply(([id]) => id);
    this.registerOutputs({ id: this.id });
  }
}
