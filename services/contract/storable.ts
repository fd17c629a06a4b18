/// <reference lib="es2024.string" />

/** Levels of objects and arrays that an event may nest. */
export const MAX_DEPTH = 64;

/**
 * The first part of `value` (a parsed JSON value called `path`) that some store could not keep, as a reason;
 * undefined if there is none.
 *
 * A text must hold neither U+0000 nor a lone surrogate, a number must be finite (JSON's `1e400` is not),
 * and the nesting must stay within {@link MAX_DEPTH}.
 */
export function unstorablePart(value: unknown, path: string, depth = 0): string | undefined {
  if (typeof value === "string") {
    return isStorable(value) ? undefined : `${path} must be well-formed text without U+0000`;
  }
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : `${path} must be a finite number`;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (depth === MAX_DEPTH) return `${path} must not nest deeper than ${MAX_DEPTH} levels`;

  for (const key in value) {
    if (!isStorable(key)) return `${path} must have well-formed keys without U+0000`;
    const member = (value as Record<string, unknown>)[key];
    // Most members are short texts and numbers: look at them here, build a path only for the others.
    if (typeof member === "string" && isStorable(member)) continue;
    if (typeof member === "boolean" || member === null) continue;
    const reason = unstorablePart(member, `${path}.${key}`, depth + 1);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
