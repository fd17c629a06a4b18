/** What was counted of one variant of an experiment, each person once. */
export interface Arm {
  readonly variant: string;
  /** Share of the people that the assignment gives to the variant, 0-1; of all arms together 1. */
  readonly share: number;
  /** People who saw it. */
  readonly exposed: number;
  /** Those of them who then reached the goal. */
  readonly converted: number;
}

/** Share of the exposed who converted, 0-1; 0 where nobody was exposed. */
export function rateOf({ exposed, converted }: Arm): number {
  return exposed === 0 ? 0 : converted / exposed;
}
