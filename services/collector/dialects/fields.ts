/** A JSON object of a sender. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether an object has anything in it. */
export function hasKeys(fields: Fields): boolean {
  for (const _ in fields) return true;
  return false;
}

/** All of `fields` but those in `known`. */
export function without(fields: Fields, known: ReadonlySet<string>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !known.has(key)));
}

/** A text that is not empty, else null. Ids are texts, but some senders have numbers. */
export function textOf(value: unknown): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : null;
  return typeof value === "string" && value !== "" ? value : null;
}

/** The number that a text says, else the text. */
export function numberOrText(text: string): number | string {
  const value = Number(text);
  return text.trim() === "" || !Number.isFinite(value) ? text : value;
}

/** A value as a reason quotes it. */
export function shown(value: unknown): string {
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "an array" : "an object";
  return JSON.stringify(value)?.slice(0, 80) ?? "nothing";
}
