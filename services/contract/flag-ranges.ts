import { WHOLE, type Flag, type Variant } from "./flag.ts";

/** Buckets of a variant, of the {@link WHOLE} that people are in. */
export interface Range {
  /** Index of the variant. */
  readonly variant: number;
  readonly from: number;
  /** The one behind the last. */
  readonly to: number;
}

/** What decides who is given which variant. */
export interface Shared extends Pick<Flag, "rollout"> {
  readonly variants: readonly Pick<Variant, "weight" | "rolloutWeight">[];
}

/**
 * Buckets of each variant of a flag, at least one range for each, which may be empty. Of each stretch that it is rolled out by the
 * beginning takes part, as far as the flag is rolled out; who does is shared out by weight. Rolling out further keeps whom it reached,
 * and other weights reach the same people.
 */
export function rangesOf({ variants, rollout }: Shared): Range[] {
  const stretches = stretchesOf(
    variants.map(({ weight, rolloutWeight }) => rolloutWeight ?? weight),
  );
  return stretchesOf(variants.map(({ weight }) => weight)).flatMap((own, variant) => {
    const ranges = stretches.flatMap(({ from, to }) => {
      const [first, behind] = [Math.max(from, own.from), Math.min(to, own.to)];
      const reached = (bucket: number): number =>
        from + Math.floor(((bucket - from) * rollout) / WHOLE);
      return first < behind ? [{ variant, from: reached(first), to: reached(behind) }] : [];
    });
    return ranges.length > 0 ? ranges : [{ variant, from: own.from, to: own.from }];
  });
}

/** One behind the other. */
function stretchesOf(weights: readonly number[]): Pick<Range, "from" | "to">[] {
  let from = 0;
  return weights.map((weight) => {
    const stretch = { from, to: from + weight };
    from += weight;
    return stretch;
  });
}
