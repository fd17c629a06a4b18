import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { dataProtection } from "./data-protection.ts";

/** Arguments of {@link MediaBucket}. */
export interface MediaBucketArgs {
  /** Google Cloud project; the bucket is called `<project>-media`. */
  readonly project: string;

  /** Region, as `europe-west1`: that of the pods, which read each file from it. */
  readonly region: string;

  /** Whether the bucket outlives the stack. */
  readonly protectData: boolean;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Seconds in which an object that was deleted or overwritten can be restored: 30 days. */
const RESTORABLE = 30 * 86_400;

/**
 * Where the files uploaded to the CMS lie: a bucket of Cloud Storage that is never public, because the CMS serves them.
 *
 * Creates one `Bucket`. What is deleted or overwritten in it can be restored for 30 days.
 */
export class MediaBucket extends pulumi.ComponentResource {
  /** Name of the bucket. */
  public readonly bucket: pulumi.Output<string>;

  /** The same, plain: known before the bucket is there. */
  public readonly bucketName: string;

  constructor(name: string, args: MediaBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:MediaBucket", name, {}, opts);

    this.bucketName = `${args.project}-media`;
    const bucket = new gcp.storage.Bucket(
      name,
      {
        project: args.project,
        location: args.region.toUpperCase(),
        name: this.bucketName,
        storageClass: "STANDARD",
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        softDeletePolicy: { retentionDurationSeconds: RESTORABLE },
        labels: args.labels,
      },
      { parent: this, ...dataProtection(args.protectData) },
    );

    this.bucket = bucket.name;
    this.registerOutputs({ bucket: this.bucket, bucketName: this.bucketName });
  }
}
