import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Every binary that deploys or runs a stack, in the order in which they are built: the cheap ones that others wait for first. */
export const toolNames = [
  "pulumi-language-nodejs",
  "pulumi",
  "pulumi-resource-random",
  "pulumi-resource-docker",
  "pulumi-resource-gcp",
  "pulumi-resource-kubernetes",
  "kubernetes",
  "coredns",
  "local-path-provisioner",
] as const;

/** Binaries that only the tests run. */
export const testToolNames = ["kube-score", "pubsub-server"] as const;

/** Everything that is pinned. */
export const allToolNames = [...toolNames, ...testToolNames] as const;

export type ToolName = (typeof allToolNames)[number];

/** One binary at one version, and how the Go module in `recipes/<name>/` becomes it. */
export interface Tool {
  readonly name: ToolName;

  /** Bare version, without "v". */
  readonly version: string;

  /** Go package to build: an import path, or "." for the recipe's own main. */
  readonly goPackage: string;

  /** Go build tags, separated by commas. @default - none */
  readonly tags?: string;

  /** String variables that the linker sets: import path and name → value. @default - none */
  readonly variables?: Readonly<Record<string, string>>;

  /** Files that the recipe's main embeds and upstream's module carries. @default - none */
  readonly embeds?: EmbeddedFiles;

  /** Name of the Pulumi resource plugin that the binary is. @default - not a plugin */
  readonly plugin?: string;

  /**
   * Arguments with which the binary prints its version.
   *
   * @default - it cannot say
   */
  readonly versionArguments?: readonly string[];

  /**
   * Tool with which vendors ship this one, in the same folder and at the same version.
   *
   * @default - shipped alone
   */
  readonly beside?: ToolName;
}

/** Files copied from a Go module into the recipe before it is built. */
export interface EmbeddedFiles {
  readonly module: string;
  /** Path in the recipe → path in the module. A `schema.json` gets the tool's version written into it. */
  readonly files: Readonly<Record<string, string>>;
}

const npmVersions = (
  JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  }
).dependencies;

/** The version of the npm package `@pulumi/<name>`: a plugin and the CLI must equal it exactly. */
function npmVersion(name: string): string {
  return npmVersions[`@pulumi/${name}`]!;
}

const pulumiVersion = npmVersion("pulumi");
const pulumiBuild = {
  tags: "osusergo,grpcnotrace",
  variables: {
    // Without it the CLI says v0.0.0 and the Automation API refuses it.
    "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${pulumiVersion}`,
  },
};

const kubernetesVersion = "1.35.8";

/** What `--version` and the discovery endpoint say; without it v0.0.0, which clients refuse. */
function kubernetesVariables(): Record<string, string> {
  const [gitMajor, gitMinor] = kubernetesVersion.split(".") as [string, string];
  const values = {
    gitVersion: `v${kubernetesVersion}`,
    gitMajor,
    gitMinor,
    gitCommit: "goproxy",
    gitTreeState: "clean",
    buildDate: "2026-01-01T00:00:00Z",
  };
  return Object.fromEntries(
    ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((path) =>
      Object.entries(values).map(([name, value]) => [`${path}.${name}`, value]),
    ),
  );
}

/** A resource provider behind Pulumi's Terraform bridge, built from the recipe's own main. */
function bridged(plugin: "docker" | "gcp" | "random"): Tool {
  const version = npmVersion(plugin);
  return {
    name: `pulumi-resource-${plugin}`,
    version,
    goPackage: ".",
    variables: { "main.version": version },
    plugin,
  };
}

const tools: Readonly<Record<ToolName, Tool>> = {
  pulumi: {
    name: "pulumi",
    version: pulumiVersion,
    goPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ...pulumiBuild,
    versionArguments: ["version"],
  },
  // Goes by the CLI's version, with which it is released; its source is the newest that is served (go.mod).
  "pulumi-language-nodejs": {
    name: "pulumi-language-nodejs",
    version: pulumiVersion,
    goPackage: "github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3",
    ...pulumiBuild,
    beside: "pulumi",
  },
  "pulumi-resource-random": bridged("random"),
  "pulumi-resource-docker": bridged("docker"),
  "pulumi-resource-gcp": bridged("gcp"),
  "pulumi-resource-kubernetes": {
    name: "pulumi-resource-kubernetes",
    version: npmVersion("kubernetes"),
    goPackage: ".",
    variables: {
      "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version":
        npmVersion("kubernetes"),
    },
    embeds: {
      module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
      files: {
        "gen/schema.json": "cmd/pulumi-resource-kubernetes/schema.json",
        "gen/terraform-mapping.json": "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
      },
    },
    plugin: "kubernetes",
  },
  kubernetes: {
    name: "kubernetes",
    version: kubernetesVersion,
    goPackage: ".",
    variables: kubernetesVariables(),
    versionArguments: ["kubelet", "--version"],
  },
  coredns: {
    name: "coredns",
    version: "1.12.4",
    goPackage: ".",
    versionArguments: ["-version"],
  },
  "local-path-provisioner": {
    name: "local-path-provisioner",
    version: "0.0.30",
    goPackage: "github.com/rancher/local-path-provisioner",
    variables: { "main.VERSION": "v0.0.30" },
    versionArguments: ["--version"],
  },
  "kube-score": {
    name: "kube-score",
    version: "1.20.0",
    goPackage: "github.com/zegl/kube-score/cmd/kube-score",
    variables: { "main.version": "1.20.0" },
    versionArguments: ["version"],
  },
  // Google's in-memory server for tests, which is a package: the recipe's main runs it.
  "pubsub-server": { name: "pubsub-server", version: "1.52.0", goPackage: "." },
};

/** The pinned tool of that name. */
export function toolNamed(name: ToolName): Tool {
  return tools[name];
}
