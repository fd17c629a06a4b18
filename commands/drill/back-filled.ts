/** A counter over past weeks, or a gauge. */
export interface PastSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Of a counter: by how much it grows in a second before and after it went wrong.
   * Of a gauge: its value then.
   */
  readonly before: number;
  readonly after: number;
  readonly kind: "counter" | "gauge";
}

/** The moments of a history, in seconds since 1970. */
export interface Moments {
  /** Namespace whose rules shall see the series. */
  readonly namespace: string;
  readonly now: number;
  /** When it went wrong. */
  readonly begun: number;
}

const HOUR = 3600;
const WEEK = 7 * 24 * HOUR;

/** Stretches of time that rules look at, from the moment at hand, in seconds; two hours beyond it, because drills take a while. */
const STRETCHES = [
  { from: -3 * WEEK - 3 * HOUR, to: -3 * WEEK + 3 * HOUR, step: 60 },
  { from: -2 * WEEK - 3 * HOUR, to: -2 * WEEK + 3 * HOUR, step: 60 },
  { from: -WEEK - 3 * HOUR, to: -WEEK + 3 * HOUR, step: 60 },
  { from: -73 * HOUR, to: -9 * HOUR, step: 600 },
  { from: -9 * HOUR, to: 2 * HOUR, step: 60 },
];

/**
 * The samples of three weeks as OpenMetrics, for `promtool tsdb create-blocks-from openmetrics`: around the same moment of
 * each week, and two hours beyond now.
 */
export function backFilled(series: readonly PastSeries[], moments: Moments): string {
  const { now, namespace } = moments;
  const times = STRETCHES.flatMap(({ from, to, step }) =>
    Array.from({ length: (to - from) / step }, (_, index) => now + from + index * step),
  );
  const lines = series.flatMap((one) => {
    const labels = Object.entries({ ...one.labels, namespace })
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(",");
    return times.map((time) => `${one.name}{${labels}} ${valueAt(one, time, moments)} ${time}`);
  });
  return [...lines, "# EOF\n"].join("\n");
}

function valueAt({ kind, before, after }: PastSeries, time: number, moments: Moments): number {
  const { now, begun } = moments;
  if (kind === "gauge") return time < begun ? before : after;
  const first = now + STRETCHES[0]!.from;
  const well = Math.min(time, begun) - first;
  return well * before + Math.max(0, time - begun) * after;
}
