import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { clonePath } from "../../local/paths.ts";
import { pulumiOutput } from "./pulumi.ts";
import { plainConfig } from "./plain-config.ts";

/** A stack without any resource in a backend of its own. */
export interface EmptyState {
  readonly environment: Record<string, string>;
  /** Arguments by which the Pulumi CLI takes the stack's configuration from a copy. */
  readonly args: readonly string[];
  /** Folder that goes with the state. */
  readonly folder: string;
}

/**
 * Runs `use` on an empty state of a stack, of which nothing is left afterwards.
 *
 * The configuration is a copy, because the engine writes into the file of a stack that it makes.
 */
export async function withEmptyState<T>(
  stack: string,
  environment: Record<string, string>,
  use: (state: EmptyState) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "marketing-stack-empty-"));
  try {
    const backend = join(folder, "backend");
    await mkdir(backend);
    const file = join(folder, `Pulumi.${stack}.yaml`);
    const args = ["--config-file", file];
    const own = {
      ...environment,
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "nothing is kept",
    };
    await copyFile(join(clonePath, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    const text = await readFile(join(clonePath, `Pulumi.${stack}.yaml`), "utf8");
    const { plain, secrets } = plainConfig(text);
    await writeFile(file, stringify({ config: plain }));
    await pulumiOutput(["stack", "init", stack], own, folder);
    const values = Object.entries(secrets).flatMap(([key, value]) => [
      "--secret",
      `${key}=${value}`,
    ]);
    if (values.length > 0) {
      await pulumiOutput(["config", "set-all", ...values, "--stack", stack], own, folder);
    }
    return await use({ environment: own, args, folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
