import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { clonePath } from "../../local/paths.ts";

/** What `npm run up` has to know of a stack before there is an engine; the program checks the rest. */
export interface StackSettings {
  /** The embedded cluster of this machine, or one of the user's own. */
  readonly platform: "local" | "kubeconfig";
  /** First of the stack's four ports on 127.0.0.1. */
  readonly portBase: number;
}

/**
 * Reads {@link StackSettings} from `Pulumi.<stack>.yaml`.
 *
 * @throws Error naming the file, and the key and its value if one is wrong.
 */
export async function stackSettings(stack: string): Promise<StackSettings> {
  const file = `Pulumi.${stack}.yaml`;
  const text = await readFile(join(clonePath, file), "utf8").catch(() => {
    throw new Error(
      `stack ${stack} must have a configuration, found no ${file}; copy Pulumi.dev.yaml and give it a portBase of its own`,
    );
  });
  const config = (parse(text) as { config?: Record<string, unknown> } | null)?.config ?? {};
  const platform = config["marketing-stack:platform"] ?? "local";
  if (platform !== "local" && platform !== "kubeconfig") {
    throw wrong("platform", "be local or kubeconfig", platform, file);
  }
  const portBase = config["marketing-stack:portBase"];
  if (!Number.isInteger(Number(portBase)) || Number(portBase) < 30000 || Number(portBase) > 32764) {
    throw wrong("portBase", "be a whole number from 30000 to 32764", portBase, file);
  }
  return { platform, portBase: Number(portBase) };
}

function wrong(key: string, rule: string, value: unknown, file: string): Error {
  return new Error(
    `marketing-stack:${key} in ${file} must ${rule}, got ${JSON.stringify(value) ?? "nothing"}`,
  );
}
