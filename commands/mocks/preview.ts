import { clonePath } from "../../local/paths.ts";
import type { Digest } from "../digest/digest.ts";
import { baseCommit, knows, withFilesOf } from "./base.ts";
import { compareRegistered } from "./compare.ts";
import { registeredBy } from "./program.ts";

/**
 * The preview that needs no trust: what the program of this clone declares, against that of a commit. Needs neither
 * credentials nor engine, providers or platform; does not throw if a program fails.
 *
 * @throws Error if `base` names no commit, or the stack has no configuration.
 */
export async function previewUnderMocks(stack: string, base: string | undefined): Promise<Digest> {
  if (!knows(clonePath, stack)) {
    throw new Error(`stack ${stack} must have a configuration, found no Pulumi.${stack}.yaml`);
  }
  const commit = await baseCommit(base);
  const machine = "stand-in";
  const notes = [`Compared with commit ${commit.slice(0, 12)}.`];
  const failed = (where: string, error: Error): Digest => ({
    ...compareRegistered(stack, [], [], notes),
    complete: false,
    errors: [{ urn: null, message: `${where}: ${error.message}` }],
  });
  const [before, after] = await Promise.all([
    withFilesOf(commit, async (folder) =>
      knows(folder, stack) ? registeredBy({ folder, stack, machine }) : [],
    ).catch((error: Error) => error),
    registeredBy({ folder: clonePath, stack, machine }).catch((error: Error) => error),
  ]);
  if (after instanceof Error) return failed("This branch", after);
  if (before instanceof Error) return failed(`Commit ${commit.slice(0, 12)}`, before);
  return compareRegistered(stack, before, after, notes);
}
