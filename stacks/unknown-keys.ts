import * as pulumi from "@pulumi/pulumi";

/** A message for each key of the stack's configuration that is not one of `known`, with the one that was meant. */
export function unknownKeys(known: readonly string[]): string[] {
  return Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith("marketing-stack:"))
    .map((key) => key.slice("marketing-stack:".length))
    .filter((key) => !known.includes(key))
    .map(
      (key) =>
        `marketing-stack:${key} must be a key that Pulumi.yaml declares; did you mean ${nearest(key, known)}?`,
    );
}

function nearest(key: string, known: readonly string[]): string {
  return [...known].sort((a, b) => distance(key, a) - distance(key, b))[0]!;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, substitution);
    }
    row = next;
  }
  return row[b.length]!;
}
