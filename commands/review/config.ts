import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { clonePath } from "../../local/paths.ts";
import { REVIEW } from "./names.ts";

/** The stack that reviews are copies of. */
export const ORIGINAL = "dev";

interface ConfigFile {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly encryptionsalt?: string;
}

/** Writes `Pulumi.<stack>.yaml` of a review stack: dev's configuration as it is now, with ports of its own. */
export async function writeReviewConfig(stack: string, portBase: number): Promise<void> {
  const read = (name: string): Promise<string> => readFile(configPath(name), "utf8");
  const own = await read(stack).catch(() => "");
  const path = configPath(stack);
  await writeFile(`${path}.new`, reviewConfig(await read(ORIGINAL), own, portBase));
  await rename(`${path}.new`, path);
}

/**
 * The configuration of a copy of `original`, both as the text of `Pulumi.<stack>.yaml`.
 *
 * Secrets stay behind: they are encrypted for the original, and a copy must not reach whom they lead to. The copy's data
 * goes with it.
 *
 * @param own the copy's present file, empty if it has none.
 */
export function reviewConfig(original: string, own: string, portBase: number): string {
  const { config = {} } = (parse(original) ?? {}) as ConfigFile;
  const { encryptionsalt } = (parse(own) ?? {}) as ConfigFile;
  const plain = Object.entries(config).filter(([, value]) => !isSecret(value));
  return stringify({
    config: {
      ...Object.fromEntries(plain),
      "marketing-stack:portBase": portBase,
      "marketing-stack:protectData": false,
    },
    ...(encryptionsalt ? { encryptionsalt } : {}),
  });
}

/** Review stacks that this clone has a configuration of. */
export function configuredReviews(): string[] {
  return readdirSync(clonePath)
    .map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? "")
    .filter((stack) => stack.startsWith(REVIEW));
}

/** Removes the configuration that this clone has of a review stack, if any. */
export async function removeReviewConfig(stack: string): Promise<void> {
  await rm(configPath(stack), { force: true });
}

function configPath(stack: string): string {
  return join(clonePath, `Pulumi.${stack}.yaml`);
}

/** Whether a value is encrypted, or holds one that is. */
function isSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(isSecret);
}
