import { WHOLE } from "../../contract/flag.ts";
import type { Flag } from "../../contract/flag.ts";

/** Buckets of a variant, of the {@link WHOLE} that people are in. */
export interface Range {
  readonly from: number;
  /** The one behind the last. */
  readonly to: number;
}

/**
 * Buckets of each variant of a flag: of its stretch, as long as its weight, the beginning, as far as the flag is
 * rolled out. Rolling out further moves nobody.
 */
export function rangesOf({ variants, rollout }: Flag): Range[] {
  let from = 0;
  return variants.map(({ weight }) => {
    const range = { from, to: from + Math.floor((weight * rollout) / WHOLE) };
    from += weight;
    return range;
  });
}
