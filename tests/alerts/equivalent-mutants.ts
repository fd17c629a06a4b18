/** Mutants that no series need tell from their alert, and why. */
interface Equivalent {
  readonly reason: string;
  /** As {@link mutantsOf} names them. */
  readonly changes: readonly string[];
}

const noPod: Equivalent["reason"] =
  "no pod counts as less than one, whichever number stands for it";

const sameSeries: Equivalent["reason"] =
  "times 0, only the labels matter, and a service without such deploys is not in the difference either";

/** By alert; all others have to be killed. */
export const equivalentMutants: Readonly<Record<string, readonly Equivalent[]>> = {
  CmsDown: [{ reason: noPod, changes: ["0 at 31 → -1"] }],
  CollectorDown: [{ reason: noPod, changes: ["0 at 37 → -1"] }],
  WorkerDown: [{ reason: noPod, changes: ["0 at 34 → -1"] }],
  SpoolVolumeFilling: [
    { reason: "a byte more or less", changes: ["0 at 106 → -1", "0 at 106 → 1"] },
  ],
  BudgetProjected: [
    {
      reason:
        "spending falls at midnight only, where less than nothing is spent whatever the least is",
      changes: ["0 at 175 → -1"],
    },
  ],
  ConversionDrop: [
    {
      reason: "the deviation that is to be expected hangs on the root of the mean of three weeks",
      changes: [
        "mkt_conversions_total[1h] offset 1w at 616 → mkt_conversions_total[1h]",
        "1w at 649 → 1209600s",
        "mkt_conversions_total[1h] offset 2w at 690 → mkt_conversions_total[1h]",
        "2w at 723 → 604800s",
        "mkt_conversions_total[1h] offset 3w at 764 → mkt_conversions_total[1h]",
        "mkt_sessions_total[1h] offset 1w at 846 → mkt_sessions_total[1h]",
        "1w at 876 → 1209600s",
        "mkt_sessions_total[1h] offset 2w at 917 → mkt_sessions_total[1h]",
        "2w at 947 → 604800s",
        "mkt_sessions_total[1h] offset 3w at 988 → mkt_sessions_total[1h]",
      ],
    },
    {
      reason: "a campaign that converts nobody cannot drop; it keeps the root from being 0",
      changes: ["0.0001 at 1034 → 0.00005", "0.0001 at 1034 → 0.0002"],
    },
  ],
  NegativeMentionSpike: [
    {
      reason: "an hour more or less of a week's 168 changes their mean by little",
      changes: [
        'brand_mentions_total{sentiment="negative"} offset 1h at 165 → brand_mentions_total{sentiment="negative"}',
        "1h at 215 → 1800s",
        "1h at 215 → 7200s",
        'brand_mentions_total{sentiment="negative"} offset 1h at 358 → brand_mentions_total{sentiment="negative"}',
        "1h at 408 → 1800s",
        "1h at 408 → 7200s",
      ],
    },
    {
      reason: "over 20 mentions where less than one is usual are a spike by either",
      changes: ["1 at 509 → 0.5", "1 at 509 → 2"],
    },
  ],
  ChangeFailureRateHigh: [
    {
      reason: sameSeries,
      changes: [
        '{env="prod", outcome="failed"} at 196 → {outcome="failed"}',
        '{env="prod", outcome="failed"} at 196 → {env="prod"}',
        '{env="prod", outcome="failed"} at 436 → {outcome="failed"}',
        '{env="prod", outcome="failed"} at 436 → {env="prod"}',
        '{env="prod", outcome="succeeded"} at 682 → {outcome="succeeded"}',
        '{env="prod", outcome="succeeded"} at 682 → {env="prod"}',
        '{env="prod", outcome="failed"} at 929 → {outcome="failed"}',
        '{env="prod", outcome="failed"} at 929 → {env="prod"}',
      ],
    },
  ],
  LeadTimeHigh: [
    { reason: sameSeries, changes: ['{env="prod"} at 260 → {}'] },
    {
      reason: "twice as many changes in each bucket have the same median",
      changes: ["0 at 199 → -1"],
    },
  ],
};
