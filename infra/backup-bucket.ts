import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { dataProtection } from "./data-protection.ts";

/** Arguments of {@link BackupBucket}. */
export interface BackupBucketArgs {
  /** Google Cloud project; the bucket is called `<project>-backups`. */
  readonly project: string;

  /** Region, as `europe-west1`. */
  readonly region: string;

  /** Whether the bucket outlives the stack. */
  readonly protectData: boolean;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

const DAY = 86_400;

/** Days in which nobody can delete or overwrite an object. */
const RETAINED_DAYS = 30;

/** Days after which an object goes. */
const KEPT_DAYS = 365;

/** Days in which an object that went can be restored. */
const RESTORABLE_DAYS = 30;

/**
 * Where the backups of one stack lie: a bucket of Cloud Storage that is never public.
 *
 * Creates one `Bucket`. Its objects keep their first content for 30 days, whoever asks; Google refuses versions beside
 * such a retention, and nothing would ever make one. They are deleted after a year and can be restored for a month then.
 */
export class BackupBucket extends pulumi.ComponentResource {
  /** Name of the bucket. */
  public readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: BackupBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:BackupBucket", name, {}, opts);

    const bucket = new gcp.storage.Bucket(
      name,
      {
        project: args.project,
        location: args.region.toUpperCase(),
        name: `${args.project}-backups`,
        storageClass: "NEARLINE",
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        retentionPolicy: { retentionPeriod: String(RETAINED_DAYS * DAY) },
        softDeletePolicy: { retentionDurationSeconds: RESTORABLE_DAYS * DAY },
        lifecycleRules: [{ action: { type: "Delete" }, condition: { age: KEPT_DAYS } }],
        labels: args.labels,
      },
      { parent: this, ...dataProtection(args.protectData) },
    );

    this.bucket = bucket.name;
    this.registerOutputs({ bucket: this.bucket });
  }
}
