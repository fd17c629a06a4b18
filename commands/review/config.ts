import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Document } from "yaml";
import { clonePath } from "../../local/paths.ts";
import { readStackFile, writeStackFile } from "../engine/stack-file.ts";
import { REVIEW } from "./names.ts";

/** The stack that reviews are copies of. */
export const ORIGINAL = "dev";

const GENERATIONS = "marketing-stack:generations";

/** Content of a `Pulumi.<stack>.yaml`. */
interface StackFile {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly encryptionsalt?: string;
}

/** Writes `Pulumi.<stack>.yaml` of a review stack: dev's configuration as it is now, with ports of its own. */
export async function writeReviewConfig(stack: string, portBase: number): Promise<void> {
  const original = (await readStackFile(ORIGINAL)).toJS() as StackFile;
  const own = await readStackFile(stack).then(
    (document) => document.toJS() as StackFile,
    () => ({}),
  );
  await writeStackFile(stack, new Document(reviewConfig(original, own, portBase)));
}

/**
 * The configuration of a copy of `original`.
 *
 * Secrets stay behind: they are encrypted for the original, and a copy must not reach whom they lead to. So do the
 * generations of generated secrets, of which a copy has its own. The copy's data goes with it.
 *
 * @param own the copy's present file, empty if it has none.
 */
export function reviewConfig(original: StackFile, own: StackFile, portBase: number): StackFile {
  const kept = Object.entries(original.config ?? {}).filter(
    ([key, value]) => key !== GENERATIONS && !isSecret(value),
  );
  return {
    config: {
      ...Object.fromEntries(kept),
      "marketing-stack:portBase": portBase,
      "marketing-stack:protectData": false,
      ...(own.config?.[GENERATIONS] ? { [GENERATIONS]: own.config[GENERATIONS] } : {}),
    },
    ...(own.encryptionsalt ? { encryptionsalt: own.encryptionsalt } : {}),
  };
}

/** Review stacks that this clone has a configuration of. */
export function configuredReviews(): string[] {
  return readdirSync(clonePath)
    .map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? "")
    .filter((stack) => stack.startsWith(REVIEW));
}

/** Removes the configuration that this clone has of a review stack, if any. */
export async function removeReviewConfig(stack: string): Promise<void> {
  await rm(join(clonePath, `Pulumi.${stack}.yaml`), { force: true });
}

/** Whether a value is encrypted, or holds one that is. */
function isSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(isSecret);
}
