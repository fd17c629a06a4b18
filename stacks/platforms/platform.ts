import type * as docker from "@pulumi/docker";
import type * as gcp from "@pulumi/gcp";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Role } from "../../infra/database-logins.ts";
import type { Generations } from "../../infra/generated-secret.ts";
import type { Outsiders } from "../../infra/network-policies.ts";
import type { SecretValue } from "../../infra/secret-value.ts";
import type { ServicePlacement } from "../../infra/service-placement.ts";

/** A service of the stack. */
export type Service = "cms" | "collector" | "worker";

/** What an environment stands on. */
export interface Platform {
  /** Providers of all resources, by package: pass them as `providers`. */
  readonly providers: { readonly kubernetes: k8s.Provider; readonly gcp: gcp.Provider };

  /** Registry that the cluster pulls from, `host[:port][/path]`. */
  readonly registry: string;

  /** Google Cloud project that holds the alert policies. */
  readonly project: string;

  /** Where a person looks at the alerts. */
  readonly monitoring: string;

  /** Where each service is reached, and how its pods run. */
  readonly placements: Readonly<Record<Service, Placement>>;

  /** Storage class of the services' volumes. @default - the cluster's default */
  readonly storageClass?: string;

  /** Topic of Pub/Sub that the collector publishes events to. @default - they are in the database alone */
  readonly eventTopic?: string;

  /** Bucket of Cloud Storage for files uploaded to the CMS. @default - a volume of the cluster */
  readonly mediaBucket?: string;

  /** URL of a server that takes letters where the stack names none. @default - they do not leave */
  readonly inbox?: string;

  /** Where those are whom the stack's pods deal with. */
  readonly outsiders: Outsiders;

  /** Makes campaigns known to the cluster; nothing where it knows them before any stack comes. */
  defineCampaigns(): readonly pulumi.Resource[];

  /** The PostgreSQL of the stack. */
  database(args: DatabaseOptions, opts: pulumi.ComponentResourceOptions): DatabaseServer;

  /**
   * Makes what the platform has around services that run: their way in from outside, what reads their metrics, and copies
   * of the credentials.
   */
  serve(stack: ServedStack, opts: pulumi.ComponentResourceOptions): Served;
}

/** A platform that also builds images, from the sources of this clone. */
export interface BuildingPlatform extends Platform {
  /** Image that the services' images start from. */
  readonly nodeImage: string;

  /** Image of PostgreSQL, with `psql`. */
  readonly postgresImage: string;

  /** Makes the provider of what builds and pushes; call it once. */
  builder(): docker.Provider;
}

/** Where one service is reached, and how its pods run. */
export interface Placement extends ServicePlacement {
  /** Address from outside the cluster; null if there is none. */
  readonly url: string | null;
}

/** How large the database is, and what becomes of it with the stack. */
export interface DatabaseOptions {
  readonly namespace: string;
  /** Image with PostgreSQL, for a platform that runs it in the cluster. */
  readonly image: string;
  readonly diskGib: number;
  readonly protectData: boolean;
  /** Valid generations of the passwords. */
  readonly generations: Generations;
}

/** A PostgreSQL server as the stack sees it. */
export interface DatabaseServer {
  /** What to depend on: there once the server accepts connections. */
  readonly resource: pulumi.Resource;

  /** Host name or address inside the cluster. */
  readonly host: pulumi.Input<string>;

  /** Name of the Secret with all passwords. */
  readonly secretName: string;

  /** Changes exactly when that Secret does. */
  readonly secretRevision: string;

  /** Name of the ConfigMap with the authority of the server's certificate. @default - connections are not encrypted */
  readonly caName?: string;

  /** psql URL of the read-only login from the machine that deploys (secret); null if only the cluster reaches it. */
  readonly readerUrl: pulumi.Output<string> | null;

  /** The same of the login that keeps the ledger. */
  readonly ledgerUrl: pulumi.Output<string> | null;

  /** The same of the login that stores events. */
  readonly eventLogUrl: pulumi.Output<string> | null;

  /** URL by which `role` reaches `database` from the cluster (secret). */
  url(role: Role, database: "cms" | "marketing"): SecretValue;
}

/** Services that run, and what lets people use them. */
export interface ServedStack {
  readonly namespace: string;
  readonly adminPassword: pulumi.Output<string>;
  /** Write key by source (secret). */
  readonly writeKeys: pulumi.Output<Record<string, string>>;
}

/** What came of serving a stack. */
export interface Served {
  /** Name servers that the stack's domain has to be delegated to, once; null without a domain. */
  readonly nameServers: pulumi.Output<string[]> | null;
}
