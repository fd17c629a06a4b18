/** What a part of an expression is: a number, one value per series, all values of a while per series, or a text. */
export type Kind = "number" | "series" | "range" | "text";

/** What a function takes and gives. */
export interface Signature {
  readonly takes: readonly Kind[];
  /** How many of `takes` may be left out, from the last on. */
  readonly optional: number;
  /** Whether the last of `takes` may come again. */
  readonly isOpen: boolean;
  readonly gives: Kind;
}

/**
 * Functions of Prometheus 2.42 by what they take; newer ones are not known everywhere where alerts are evaluated, and
 * `holt_winters` has gone since.
 */
const TAKES: Readonly<Record<string, readonly Kind[]>> = {
  "time pi": [],
  "abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor ln log10 log2 rad scalar sgn sin sinh":
    ["series"],
  "sort sort_desc sqrt tan tanh timestamp histogram_count histogram_sum": ["series"],
  "day_of_month day_of_week day_of_year days_in_month hour minute month year": ["series"],
  "absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate": [
    "range",
  ],
  "last_over_time max_over_time min_over_time present_over_time rate resets": ["range"],
  "stddev_over_time stdvar_over_time sum_over_time": ["range"],
  "clamp_max clamp_min round": ["series", "number"],
  clamp: ["series", "number", "number"],
  vector: ["number"],
  histogram_quantile: ["number", "series"],
  histogram_fraction: ["number", "number", "series"],
  predict_linear: ["range", "number"],
  quantile_over_time: ["number", "range"],
  label_join: ["series", "text", "text", "text"],
  label_replace: ["series", "text", "text", "text", "text"],
};

const OPTIONAL =
  /^(day_of_month|day_of_week|day_of_year|days_in_month|hour|minute|month|year|round)$/;

/** Functions whose value is a number. */
const NUMBERS = /^(time|pi|scalar)$/;

const signatures = new Map<string, Signature>(
  Object.entries(TAKES).flatMap(([names, takes]) =>
    names.split(" ").map((name) => [
      name,
      {
        takes,
        optional: OPTIONAL.test(name) ? 1 : 0,
        isOpen: name === "label_join",
        gives: NUMBERS.test(name) ? "number" : "series",
      },
    ]),
  ),
);

/** What a function takes and gives; undefined if Prometheus 2.42 has none of that name. */
export function signatureOf(name: string): Signature | undefined {
  return signatures.get(name);
}

/** Aggregations of Prometheus 2.42, with what they take before the series. */
export const aggregations: ReadonlyMap<string, readonly Kind[]> = new Map(
  Object.entries({
    ...Object.fromEntries(
      ["avg", "count", "group", "max", "min", "stddev", "stdvar", "sum"].map((name) => [name, []]),
    ),
    topk: ["number"],
    bottomk: ["number"],
    quantile: ["number"],
    count_values: ["text"],
  } satisfies Record<string, Kind[]>),
);
