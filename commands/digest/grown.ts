import type { Change, Digest } from "./digest.ts";

/**
 * How what would be done now goes beyond what was approved, one sentence a resource: nothing, if each change is one that
 * was approved, with the same values, or is gone.
 */
export function grownBeyond(
  approved: Pick<Digest, "changes">,
  now: Pick<Digest, "changes">,
): string[] {
  const known = new Map(approved.changes.map((change) => [change.urn, change]));
  return now.changes.flatMap((change) => {
    const growth = growthOf(known.get(change.urn), change);
    return growth.length === 0 ? [] : [`${change.type} ${change.name}: ${growth.join("; ")}`];
  });
}

function growthOf(approved: Change | undefined, now: Change): string[] {
  if (!approved) return [`${now.op} was not approved`];
  if (approved.op !== now.op) return [`${now.op} instead of the approved ${approved.op}`];
  const growth: string[] = [];
  const paths = without(now.paths, approved.paths);
  if (paths.length > 0) growth.push(`also changes ${paths.join(", ")}`);
  const replacedBy = without(now.replacedBy, [...approved.replacedBy, ...paths]);
  if (replacedBy.length > 0) growth.push(`is now replaced by ${replacedBy.join(", ")}`);
  if (now.losesProtection && !approved.losesProtection) growth.push("also loses its protection");
  if (approved.isProtected && !now.isProtected) growth.push("is protected no longer");
  if (approved.isRetained && !now.isRetained) growth.push("is kept no longer when it is deleted");
  if (growth.length === 0 && now.values !== approved.values) growth.push("gets other values");
  return growth;
}

function without(paths: readonly string[], known: readonly string[]): string[] {
  return paths.filter((path) => !known.includes(path));
}
