import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { GeneratedSecret, type Generations, type SecretSpec } from "./generated-secret.ts";
import type { SecretValue } from "./secret-value.ts";
import { podMonitoring } from "./pod-monitoring.ts";
import { placementValues, type ServicePlacement } from "./service-placement.ts";
import { serviceSecret } from "./service-secret.ts";
import { unawaitedService } from "./unawaited-service.ts";

/** Arguments of {@link Collector}. */
export interface CollectorArgs extends ServicePlacement {
  /** Namespace to run in. */
  readonly namespace: string;

  /** Reference of the image; plain, so that a preview shows the chart's objects. */
  readonly image: string;

  /** URL of the database `marketing` for the role `collector`. */
  readonly databaseUrl: SecretValue;

  /** Who sends events: names of 1-63 characters of `[a-z0-9-]`, without repetition. */
  readonly sources: readonly string[];

  /**
   * What they may do, by name, as the collector's `SOURCE_RULES` has it.
   *
   * @default - anything
   */
  readonly sourceRules?: Readonly<Record<string, object>>;

  /** Valid generations of the write keys. */
  readonly generations: Generations;

  /**
   * Name of the ConfigMap with the authority of the database's server.
   *
   * @default - the URL asks for none
   */
  readonly databaseCaName?: string;

  /**
   * Topic of Pub/Sub that events are published to as well: `projects/<project>/topics/<topic>`, plain.
   *
   * @default - events are in the database alone
   */
  readonly eventTopic?: string;

  /**
   * The certificate by which it speaks TLS, and the port on every node for that, 30000-32767.
   *
   * @default - it does not
   */
  readonly tls?: {
    readonly certificate: pulumi.Input<string>;
    readonly key: pulumi.Input<string>;
    readonly nodePort: number;
  };

  /** Number of replicas, at least 1. Each has a spool of its own. */
  readonly replicas: number;

  /** How many of them run `image`; the others stay as they are. */
  readonly updatedReplicas: number;

  /** Size of each replica's spool volume, in GiB. */
  readonly spoolGib: number;

  /**
   * Storage class of the spool volumes.
   *
   * @default - the cluster's default
   */
  readonly spoolStorageClass?: string;

  /** Whether the spools outlive the stack. */
  readonly protectData: boolean;
}

/** Source of what comes back of the worker's letters: nobody else may have its name. */
const MAIL_SOURCE = "mail";

/** What signs the links in letters, and lets in reports of bounces and complaints: the write key of a source of its own. */
export const mailKeySpec: SecretSpec = {
  length: 32,
  purpose: "signs the links by which people unsubscribe, and lets reports of mail servers in",
  notice: "Links in letters of before work until the former one is retired",
  handedOut: true,
};

/** The write key of a source. */
export function writeKeySpec(source: string): SecretSpec {
  return {
    length: 32,
    purpose: `lets ${source}'s SDKs send events`,
    handedOut: true,
  };
}

/**
 * The analytics collector of one stack.
 *
 * Creates a generated secret `<name>-<source>` per source (its write key) and `<name>-mail`, a `Secret` `collector`, the chart
 * `charts/collector` and, for Managed Prometheus, a `PodMonitoring`.
 *
 * @throws Error if a source's name is wrong or repeated, or there is none.
 */
export class Collector extends pulumi.ComponentResource {
  /** Newest write key by source (secret). */
  public readonly writeKeys: pulumi.Output<Record<string, string>>;

  /** Newest key that signs the links in letters. */
  public readonly mailKey: SecretValue;

  constructor(name: string, args: CollectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:Collector", name, {}, opts);
    requireSources(args.sources);

    const keys = Object.fromEntries(
      args.sources.map((source) => [
        source,
        new GeneratedSecret(`${name}-${source}`, writeKeySpec(source), args.generations, {
          parent: this,
        }),
      ]),
    );
    const mailKey = new GeneratedSecret(`${name}-${MAIL_SOURCE}`, mailKeySpec, args.generations, {
      parent: this,
    });
    const secret = serviceSecret(
      name,
      args.namespace,
      {
        DATABASE_URL: args.databaseUrl,
        SOURCES: sourcesValue({ ...keys, [MAIL_SOURCE]: mailKey }),
      },
      { parent: this },
    );
    const tls = args.tls && tlsSecret(`${name}-tls`, args.namespace, args.tls, { parent: this });
    new k8s.helm.v4.Chart(
      name,
      {
        chart: "./charts/collector",
        namespace: args.namespace,
        values: {
          image: args.image,
          replicas: args.replicas,
          partition: args.replicas - args.updatedReplicas,
          secretName: "collector",
          secretRevision: secret.revision,
          databaseCaName: args.databaseCaName,
          ...(Object.keys(args.sourceRules ?? {}).length > 0 && { sourceRules: args.sourceRules }),
          ...(args.eventTopic !== undefined && { eventTopic: args.eventTopic }),
          ...(args.tls && { tls: { secretName: "collector-tls", nodePort: args.tls.nodePort } }),
          spool: {
            sizeGib: args.spoolGib,
            storageClass: args.spoolStorageClass,
            retain: args.protectData,
          },
          serviceAnnotations: unawaitedService,
          ...placementValues(args),
        },
      },
      { parent: this, dependsOn: [secret.resource, ...(tls ? [tls] : [])] },
    );
    if (args.managedPrometheus) podMonitoring(name, args.namespace, { parent: this });

    this.writeKeys = pulumi.all(
      Object.fromEntries(Object.entries(keys).map(([source, key]) => [source, key.newest.value])),
    );
    this.mailKey = mailKey.newest;
    this.registerOutputs({ writeKeys: this.writeKeys, mailKey: mailKey.newest.value });
  }
}

/** Kubernetes brings a change of it into running pods, which take it up: nothing restarts. */
function tlsSecret(
  name: string,
  namespace: string,
  { certificate, key }: NonNullable<CollectorArgs["tls"]>,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  return new k8s.core.v1.Secret(
    name,
    {
      metadata: { name: "collector-tls", namespace },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": certificate, "tls.key": key },
    },
    opts,
  );
}

/** `SOURCES` of the collector: `{"<source>": {"writeKey": "…", "previousWriteKey": "…"}}`. */
function sourcesValue(keys: Readonly<Record<string, GeneratedSecret>>): SecretValue {
  const sources = Object.entries(keys).map(([source, key]) => {
    const { value, revision } = key.all(([writeKey, previousWriteKey]) => ({
      writeKey,
      previousWriteKey,
    }));
    return { source, value, revision: revision === "" ? source : `${source}:${revision}` };
  });
  return {
    value: pulumi
      .all(Object.fromEntries(sources.map(({ source, value }) => [source, value])))
      .apply((all) => JSON.stringify(all)),
    revision: sources.map(({ revision }) => revision).join(","),
  };
}

function requireSources(sources: readonly string[]): void {
  if (sources.length === 0) throw new Error("sources must name at least one source, got []");
  const wrong = sources.find((source) => !/^[a-z0-9-]{1,63}$/.test(source));
  if (wrong !== undefined) {
    throw new Error(
      `sources must be names of 1-63 characters of [a-z0-9-], got ${JSON.stringify(wrong)}`,
    );
  }
  if (sources.includes(MAIL_SOURCE)) {
    throw new Error(
      `sources must not name "${MAIL_SOURCE}", got ${JSON.stringify(sources)}; it is the source of what comes back of letters`,
    );
  }
  if (new Set(sources).size < sources.length) {
    throw new Error(`sources must name each source once, got ${JSON.stringify(sources)}`);
  }
}
