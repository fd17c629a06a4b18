import type { Placeholders } from "./placeholders.ts";

/** Where the recorded answer and the actual one differ, one line each; empty if they are the same. */
export function differences(
  recorded: unknown,
  actual: unknown,
  placeholders: Placeholders,
  path = "",
): string[] {
  if (typeof recorded === "string" && typeof actual === "string") {
    if (path.endsWith("etag")) {
      placeholders.learnEtag(actual);
      return [];
    }
    const same = recorded === actual || placeholders.accepts(recorded, actual);
    return same ? [] : [difference(path, recorded, actual)];
  }
  if (isObject(recorded) && isObject(actual)) {
    const names = [...new Set([...Object.keys(recorded), ...Object.keys(actual)])].sort();
    return names.flatMap((name) =>
      differences(recorded[name], actual[name], placeholders, path ? `${path}.${name}` : name),
    );
  }
  if (Array.isArray(recorded) && Array.isArray(actual) && recorded.length === actual.length) {
    return recorded.flatMap((item, index) =>
      differences(item, actual[index], placeholders, `${path}[${index}]`),
    );
  }
  return JSON.stringify(recorded) === JSON.stringify(actual)
    ? []
    : [difference(path, recorded, actual)];
}

function difference(path: string, recorded: unknown, actual: unknown): string {
  return `${path || "answer"}: recorded ${text(recorded)}, got ${text(actual)}`;
}

function text(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 200 ? `${json.slice(0, 200)}…` : json;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
