import { invalidField } from "../api-error.ts";
import { durationAsText, secondsOf } from "../protos/duration.ts";

/** Checks a text's length in Unicode characters. */
export function requireLength(field: string, text: string | undefined, most: number): void {
  const length = [...(text ?? "")].length;
  if (length > most)
    throw invalidField(field, text!, `must not exceed ${most} characters, has ${length}.`);
}

/** Checks a text's length in bytes of UTF-8. */
export function requireBytes(field: string, text: string | undefined, most: number): void {
  const length = Buffer.byteLength(text ?? "");
  if (length > most)
    throw invalidField(field, text!, `must not exceed ${most} bytes, has ${length}.`);
}

/** Checks that a number lies between two others. */
export function requireRange(field: string, value: number, least: number, most: number): void {
  if (value < least || value > most)
    throw invalidField(field, value, `must be from ${least} to ${most}.`);
}

/** Checks that a Duration, if it is given, lies between two lengths in seconds and is a multiple of a third. */
export function requireDuration(
  field: string,
  duration: string | undefined,
  { least = 0, most = Infinity, step = 0, rule }: DurationLimits,
): void {
  if (duration === undefined) return;
  const seconds = secondsOf(duration);
  if (seconds < least || seconds > most || (step > 0 && seconds % step !== 0)) {
    throw invalidField(field, durationAsText(duration), rule);
  }
}

interface DurationLimits {
  readonly least?: number;
  readonly most?: number;
  readonly step?: number;
  /** What the message says. */
  readonly rule: string;
}
