/** Pods of a stack, by their label `app.kubernetes.io/name`. */
export const stackPods = ["cms", "collector", "worker", "database", "database-schema"] as const;

/** One of {@link stackPods}. */
export type StackPod = (typeof stackPods)[number];

/** Whom a stack's pods deal with and who is none of them; where each is depends on the platform. */
export type Outsider =
  /** Who uses the public services, or the load balancer in front of them. */
  | "visitors"
  /** Who uses the collector by the TLS that it speaks itself. */
  | "tls-visitors"
  /** Who reaches the ports of the cluster's nodes. */
  | "operators"
  /** The Prometheus that reads metrics. */
  | "scrapers"
  /** Who resolves host names. */
  | "name-servers"
  /** The webhook that hears of publications. */
  | "chat"
  /** Google's APIs, and who gives the pods of a node their tokens for them. */
  | "google-apis"
  | "token-servers"
  /** The systems that campaigns reach by connectors. */
  | "connectors"
  /** The server that takes the worker's letters. */
  | "mail-server"
  /** The API server of the cluster. */
  | "api-server"
  /** The PostgreSQL, where it is no pod of the stack. */
  | "database";

/** One end of a connection. */
export type Party = StackPod | Outsider;

/** Connections that parts of a stack open in its normal work. */
export interface Flow {
  /** Who opens them. */
  readonly from: readonly Party[];

  /** Who takes them. */
  readonly to: readonly Party[];

  /** Port of the pod or server itself, not of a Service in front of it. */
  readonly port: number;

  /** @default TCP */
  readonly protocols?: readonly ("TCP" | "UDP")[];

  /** What would not work without them, as a sentence. */
  readonly why: string;
}

/**
 * Every connection that a stack needs, by name; nothing else is let through.
 *
 * Not here, because Kubernetes always allows it: what a pod's own node sends, such as the kubelet's probes.
 */
export const flows: Readonly<Record<string, Flow>> = {
  "visitors-to-cms": {
    from: ["visitors"],
    to: ["cms"],
    port: 1337,
    why: "Sites read content, and editors write it.",
  },
  "visitors-to-collector": {
    from: ["visitors"],
    to: ["collector"],
    port: 8080,
    why: "SDKs send events.",
  },
  "tls-visitors-to-collector": {
    from: ["tls-visitors"],
    to: ["collector"],
    port: 8443,
    why: "SDKs that insist on https send events.",
  },
  "operators-to-worker": {
    from: ["operators"],
    to: ["worker"],
    port: 8080,
    why: "The proof of a deployment asks the worker for what it did.",
  },
  "operators-to-database": {
    from: ["operators"],
    to: ["database"],
    port: 5432,
    why: "People and commands on the machine read the database as `reader`.",
  },
  "cms-to-database": {
    from: ["cms"],
    to: ["database"],
    port: 5432,
    why: "The CMS keeps its content in the database `cms`.",
  },
  "collector-to-database": {
    from: ["collector"],
    to: ["database"],
    port: 5432,
    why: "The collector drains its spool into the schema `events`.",
  },
  "worker-to-database": {
    from: ["worker"],
    to: ["database"],
    port: 5432,
    why: "The worker keeps its jobs and the ledger in the database `marketing`.",
  },
  "schema-to-database": {
    from: ["database-schema"],
    to: ["database"],
    port: 5432,
    why: "The Job before each roll-out makes roles, schemas and tables.",
  },
  "cms-to-worker": {
    from: ["cms"],
    to: ["worker"],
    port: 8080,
    why: "The CMS's webhook tells of publications.",
  },
  "worker-to-cms": {
    from: ["worker"],
    to: ["cms"],
    port: 1337,
    why: "The worker asks the CMS each minute for what no webhook told of.",
  },
  "worker-to-chat": {
    from: ["worker"],
    to: ["chat"],
    port: 443,
    why: "The worker posts publications to the chat's webhook.",
  },
  "worker-to-connectors": {
    from: ["worker"],
    to: ["connectors"],
    port: 443,
    why: "The worker posts messages of campaigns to chats, CRMs and webhooks.",
  },
  "worker-to-mail-server": {
    from: ["worker"],
    to: ["mail-server"],
    port: 465,
    why: "The worker hands letters of campaigns over by TLS.",
  },
  "worker-to-mail-submission": {
    from: ["worker"],
    to: ["mail-server"],
    port: 587,
    why: "The worker hands letters of campaigns over by STARTTLS.",
  },
  "worker-to-api-server": {
    from: ["worker"],
    to: ["api-server"],
    port: 443,
    why: "The worker reads the campaigns and the kill switch, and writes what became of them.",
  },
  "cms-to-google-apis": {
    from: ["cms"],
    to: ["google-apis"],
    port: 443,
    why: "The CMS keeps uploaded files in Cloud Storage.",
  },
  "cms-to-token-servers": {
    from: ["cms"],
    to: ["token-servers"],
    port: 80,
    why: "The CMS gets the token of its identity, by which Cloud Storage knows it.",
  },
  "collector-to-google-apis": {
    from: ["collector"],
    to: ["google-apis"],
    port: 443,
    why: "The collector publishes events to Pub/Sub.",
  },
  "collector-to-token-servers": {
    from: ["collector"],
    to: ["token-servers"],
    port: 80,
    why: "The collector gets the token of its identity, by which Pub/Sub knows it.",
  },
  "services-to-name-servers": {
    from: ["cms", "collector", "worker", "database-schema"],
    to: ["name-servers"],
    port: 53,
    protocols: ["UDP", "TCP"],
    why: "Who opens a connection looks up its host first.",
  },
  "scrapers-to-cms": {
    from: ["scrapers"],
    to: ["cms"],
    port: 1337,
    why: "Prometheus reads the CMS's metrics, which its alerts are made of.",
  },
  "scrapers-to-services": {
    from: ["scrapers"],
    to: ["collector", "worker"],
    port: 8080,
    why: "Prometheus reads the metrics of collector and worker, which their alerts are made of.",
  },
};
