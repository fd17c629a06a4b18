import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Arguments of {@link Collector}. */
export interface CollectorArgs {
  /** Namespace to run in. */
  readonly namespace: string;

  /** Reference of the image; plain, so that a preview shows the chart's objects. */
  readonly image: string;

  /** URL of the database `marketing` with the login `collector`. */
  readonly databaseUrl: pulumi.Input<string>;

  /** Who sends events: names of 1-63 characters of `[a-z0-9-]`, without repetition. */
  readonly sources: readonly string[];

  /** Number of replicas, at least 1. Each has a spool of its own. */
  readonly replicas: number;

  /** Size of each replica's spool volume, in GiB. */
  readonly spoolGib: number;

  /** Whether the spools outlive the stack. */
  readonly protectData: boolean;

  /**
   * Port on every node, 30000-32767.
   *
   * @default - reachable inside the cluster only
   */
  readonly nodePort?: number;
}

/**
 * The analytics collector of one stack.
 *
 * Creates one `random:RandomPassword` per source (its write key), a `Secret` `collector` and the chart `charts/collector`.
 *
 * @throws Error if a source's name is wrong or repeated, or there is none.
 */
export class Collector extends pulumi.ComponentResource {
  /** Write key by source (secret). */
  public readonly writeKeys: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: CollectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:Collector", name, {}, opts);
    requireSources(args.sources);

    this.writeKeys = pulumi.all(
      Object.fromEntries(
        args.sources.map((source) => [
          source,
          new random.RandomPassword(
            `${name}-${source}`,
            { length: 32, special: false },
            { parent: this },
          ).result,
        ]),
      ),
    );
    const secret = new k8s.core.v1.Secret(
      name,
      {
        metadata: { name: "collector", namespace: args.namespace },
        stringData: {
          DATABASE_URL: args.databaseUrl,
          SOURCES: this.writeKeys.apply((keys) =>
            JSON.stringify(
              Object.fromEntries(
                Object.entries(keys).map(([source, writeKey]) => [source, { writeKey }]),
              ),
            ),
          ),
        },
      },
      { parent: this },
    );
    new k8s.helm.v4.Chart(
      name,
      {
        chart: "./charts/collector",
        namespace: args.namespace,
        values: {
          image: args.image,
          replicas: args.replicas,
          secretName: "collector",
          // The names decide the Secret's content: the keys themselves are generated once.
          secretRevision: args.sources.join(","),
          spool: { sizeGib: args.spoolGib, retain: args.protectData },
          nodePort: args.nodePort ?? null,
        },
      },
      { parent: this, dependsOn: [secret] },
    );

    this.registerOutputs({ writeKeys: this.writeKeys });
  }
}

function requireSources(sources: readonly string[]): void {
  if (sources.length === 0) throw new Error("sources must name at least one source, got []");
  const wrong = sources.find((source) => !/^[a-z0-9-]{1,63}$/.test(source));
  if (wrong !== undefined) {
    throw new Error(
      `sources must be names of 1-63 characters of [a-z0-9-], got ${JSON.stringify(wrong)}`,
    );
  }
  if (new Set(sources).size < sources.length) {
    throw new Error(`sources must name each source once, got ${JSON.stringify(sources)}`);
  }
}
