import type * as pulumi from "@pulumi/pulumi";

/** What every stack exports; commands, tests and people read it. */
export interface StackOutputs {
  readonly namespace: string;
  /** Where each part is reached from outside the cluster; null where it is not. */
  readonly urls: {
    readonly cms: string | null;
    readonly collector: string | null;
    readonly worker: string | null;
    readonly monitoring: string;
  };
  /** psql URL of the read-only login from the machine that deploys (secret); null if only the cluster reaches it. */
  readonly databaseUrl: pulumi.Output<string> | null;
  /** psql URL of a login that may add to the ledger, like {@link databaseUrl}. */
  readonly ledgerUrl: pulumi.Output<string> | null;
  /** psql URL of the login that stores events, like {@link databaseUrl}. */
  readonly eventLogUrl: pulumi.Output<string> | null;
  readonly adminEmail: string;
  readonly adminPassword: pulumi.Output<string>;
  /** Token by which releases read and write the CMS's content (secret). */
  readonly contentApiToken: pulumi.Output<string>;
  /** Write key by source (secret). */
  readonly writeKeys: pulumi.Output<Record<string, string>>;
  /** Ways out of campaigns' messages: whether letters have a mail server, and the kind of channel that each connector serves. */
  readonly channels: {
    readonly hasMail: boolean;
    readonly connectors: Readonly<Record<string, string>>;
  };
  /** Image reference by service, and of `postgres`. */
  readonly images: Readonly<Record<string, string>>;
  /** Name servers that the stack's domain has to be delegated to, once; null without a domain. */
  readonly nameServers: pulumi.Output<string[]> | null;
}
