/** Largest `google.protobuf.Duration`, in seconds: about 10,000 years. */
const MAX_SECONDS = 315_576_000_000;

/** Canonical text of a Duration (`90s`, `1.500s`), or nothing if `text` is not one. */
export function canonicalDuration(text: string): string | undefined {
  const [, sign, whole, fraction = ""] = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(text) ?? [];
  if (whole === undefined || Number(whole) > MAX_SECONDS) return undefined;
  const digits = fraction.replace(/0+$/, "");
  const padded = digits && `.${digits.padEnd(Math.ceil(digits.length / 3) * 3, "0")}`;
  return `${sign}${BigInt(whole)}${padded}s`;
}

/** Length of a Duration in its canonical text, in seconds. */
export function secondsOf(duration: string): number {
  return Number(duration.slice(0, -1));
}

/** A Duration in protobuf's text format, which the API's messages use: `seconds: 600`. */
export function durationAsText(duration: string): string {
  const [seconds, fraction = ""] = duration.slice(0, -1).split(".");
  const nanos = Number(fraction.padEnd(9, "0"));
  return [
    ...(Number(seconds) === 0 ? [] : [`seconds: ${seconds}`]),
    ...(nanos === 0 ? [] : [`nanos: ${nanos}`]),
  ].join(" ");
}
