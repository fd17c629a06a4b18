import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { clonePath } from "../../local/paths.ts";

/** Platforms an environment can stand on without a cloud account. */
export type PlatformKind = "local" | "kubeconfig";

/**
 * The platform that `Pulumi.<stack>.yaml` asks for, read before there is an engine.
 *
 * @throws Error if the file cannot be read or the platform is neither `local` nor `kubeconfig`.
 */
export async function platformKind(stack: string): Promise<PlatformKind> {
  const file = `Pulumi.${stack}.yaml`;
  const text = await readFile(join(clonePath, file), "utf8").catch(() => {
    throw new Error(
      `stack ${stack} must have a configuration, found no ${file}; copy Pulumi.dev.yaml and give it a portBase of its own`,
    );
  });
  const settings = parse(text) as { config?: Record<string, unknown> } | null;
  const platform = settings?.config?.["marketing-stack:platform"] ?? "local";
  if (platform !== "local" && platform !== "kubeconfig") {
    throw new Error(
      `marketing-stack:platform in ${file} must be local or kubeconfig, got ${JSON.stringify(platform)}`,
    );
  }
  return platform;
}
