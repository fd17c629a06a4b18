import type * as pulumi from "@pulumi/pulumi";

/** What every stack exports; commands, tests and people read it. */
export interface StackOutputs {
  readonly namespace: string;
  /** Where each part is reached from this machine. */
  readonly urls: {
    readonly cms: string;
    readonly collector: string;
    readonly worker: string;
    readonly monitoring: string;
  };
  /** psql URL of the read-only login, reachable from this machine (secret). */
  readonly databaseUrl: pulumi.Output<string>;
  readonly adminEmail: string;
  readonly adminPassword: pulumi.Output<string>;
  /** Write key by source (secret). */
  readonly writeKeys: pulumi.Output<Record<string, string>>;
  /** Image reference by service. */
  readonly images: Readonly<Record<string, string>>;
}
