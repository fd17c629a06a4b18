/** What came of one alert's drill. */
export interface Result {
  readonly alert: string;
  /** Whether the fault was injected. */
  readonly drilled: boolean;
  /** Whether a notification arrived at the receiver in time. */
  readonly fired: boolean;
  /** From the fault to the notification; null if none arrived in time. */
  readonly seconds: number | null;
  readonly promisedSeconds: number;
  /** Why it was not drilled, or what went wrong; null if all is well. */
  readonly reason: string | null;
}

/** Whether an alert did what it promises, or is not drilled for a reason. */
export function isWell({ drilled, reason }: Result): boolean {
  return !drilled || reason === null;
}

/** The results as a person reads them. */
export function resultTable(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ alert }) => alert.length));
  const lines = results.map((result) => {
    const mark = !result.drilled ? "–" : isWell(result) ? "✓" : "✗";
    const time =
      result.seconds === null
        ? ""
        : `fired after ${result.seconds} s, promised within ${result.promisedSeconds} s`;
    const words = [time, result.reason].filter(Boolean).join("; ");
    return `${mark} ${result.alert.padEnd(width)}  ${words}`;
  });
  const drilled = results.filter((result) => result.drilled);
  const well = drilled.filter(isWell).length;
  return [
    ...lines,
    `${well} of ${drilled.length} drilled alerts kept their promise; ${results.length - drilled.length} are not drilled`,
  ].join("\n");
}
