import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link ServiceImage}. */
export interface ServiceImageArgs {
  /** Registry that the cluster pulls from, `host:port` or `host/path`. */
  readonly registry: string;

  /** Folder that holds the Dockerfile and all that it copies. */
  readonly context: string;

  /** SHA-256 of everything the build reads, 64 hexadecimal digits. */
  readonly inputsDigest: string;

  /** Image that the Dockerfile starts from. */
  readonly baseImage: string;

  /**
   * Whether build steps share the network of the machine, for builds that install packages.
   *
   * @default false
   */
  readonly hostNetwork?: boolean;
}

/**
 * An image of one of our services, built from its Dockerfile and pushed.
 *
 * Creates one `docker:RemoteImage` and one `docker:RegistryImage`. The tag is the digest of the build's inputs, so it is
 * known before the build and equal inputs are never built twice. Neither the local nor the pushed image is removed with
 * the resource: other stacks may name the same tag.
 *
 * @throws Error if `inputsDigest` is not a SHA-256.
 */
export class ServiceImage extends pulumi.ComponentResource {
  /** `<registry>/marketing-stack/<name>:<tag>`; known in a preview. */
  public readonly reference: string;

  constructor(name: string, args: ServiceImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:ServiceImage", name, {}, opts);
    requireSha256(args.inputsDigest);
    this.reference = `${args.registry}/marketing-stack/${name}:${args.inputsDigest.slice(0, 16)}`;

    const image = new docker.RemoteImage(
      name,
      {
        name: this.reference,
        keepLocally: true,
        triggers: { inputs: args.inputsDigest },
        build: {
          context: args.context,
          buildArgs: { BASE_IMAGE: args.baseImage },
          // By the engine's own interface: buildx is a plugin of the docker client, which need not be there.
          useLegacyBuilder: true,
          networkMode: args.hostNetwork ? "host" : undefined,
        },
      },
      { parent: this },
    );
    new docker.RegistryImage(
      `${name}-push`,
      { name: image.name, keepRemotely: true, triggers: { inputs: args.inputsDigest } },
      { parent: this },
    );

    this.registerOutputs({ reference: this.reference });
  }
}

function requireSha256(digest: string): void {
  if (!/^[0-9a-f]{64}$/.test(digest)) {
    throw new Error(`inputsDigest must be 64 hexadecimal digits, got ${JSON.stringify(digest)}`);
  }
}
