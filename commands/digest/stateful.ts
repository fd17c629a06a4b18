import type { Change, Operation } from "./digest.ts";

/** Types of resources that hold what cannot be made again, each with what goes with it. */
const losses: Readonly<Record<string, string>> = {
  "gcp:artifactregistry/repository:Repository": "all images in it",
  "gcp:bigquery/dataset:Dataset": "all tables in it",
  "gcp:bigquery/table:Table": "its rows",
  "gcp:compute/address:Address": "its address",
  "gcp:compute/disk:Disk": "its data",
  "gcp:compute/globalAddress:GlobalAddress": "its address, which DNS names",
  "gcp:container/cluster:Cluster": "everything that runs in it, with its volumes",
  "gcp:dns/managedZone:ManagedZone": "its name servers, which the registrar names",
  "gcp:kms/cryptoKey:CryptoKey": "everything encrypted with it",
  "gcp:kms/keyRing:KeyRing": "everything encrypted with its keys",
  "gcp:pubsub/subscription:Subscription": "all messages that wait in it",
  "gcp:pubsub/topic:Topic": "its subscriptions, with the messages that wait in them",
  "gcp:secretmanager/secret:Secret": "the secret, in all versions",
  "gcp:secretmanager/secretVersion:SecretVersion": "this version of the secret",
  "gcp:sql/database:Database": "its tables",
  "gcp:sql/databaseInstance:DatabaseInstance": "all databases and backups in it",
  "gcp:storage/bucket:Bucket": "all objects in it",
  "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition": "all objects of its kind",
  "kubernetes:apps/v1:StatefulSet": "its pods, and their volumes unless they are kept",
  "kubernetes:core/v1:Namespace": "everything in it",
  "kubernetes:core/v1:PersistentVolume": "its data",
  "kubernetes:core/v1:PersistentVolumeClaim": "its data",
  "kubernetes:core/v1:Secret": "its values, while it is away",
  "random:index/randomBytes:RandomBytes": "the generated secret",
  "random:index/randomPassword:RandomPassword": "the generated secret",
};

const takesAway: readonly Operation[] = ["update or replace", "replace", "delete"];

/** A change by which something stateful goes, or may go from now on. */
export interface Risk {
  readonly change: Change;
  /** What goes with the resource. */
  readonly loss: string;
}

/** The changes that replace or delete something stateful, or may, or take its protection away. */
export function risks(changes: readonly Change[]): Risk[] {
  return changes
    .filter(({ op, losesProtection }) => takesAway.includes(op) || losesProtection)
    .flatMap((change) => {
      const loss = losses[change.type];
      return loss === undefined ? [] : [{ change, loss }];
    });
}
