import { clonePath } from "../../local/paths.ts";
import { canonicalJson } from "../../stacks/canonical-json.ts";
import { readProof, type ProofRecord } from "./proof-record.ts";
import { sourceDigest } from "./source-digest.ts";

/**
 * The proof of what a stack runs and this clone holds: a release is sealed from nothing else.
 *
 * @param images what the stack runs now.
 * @throws Error if the last verified `up` of the stack was of something else.
 */
export async function requireProof(
  stack: string,
  images: Readonly<Record<string, string>>,
): Promise<ProofRecord> {
  const proof = await readProof(stack);
  const problem = !proof
    ? "no up that was verified"
    : canonicalJson(proof.images) !== canonicalJson(images)
      ? "images that were not verified"
      : proof.source !== (await sourceDigest(clonePath))
        ? "files in this clone that were changed since"
        : undefined;
  if (proof && problem === undefined) return proof;
  throw new Error(
    `stack ${stack} must be verified with what is sealed, got ${problem}; run npm run up -- --stack ${stack}`,
  );
}
