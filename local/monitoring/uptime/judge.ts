import type { ContentMatcher } from "../rules/uptime-check.ts";
import type { AcceptedStatus } from "../rules/uptime-http-check.ts";

/** Whether a status counts as an answer: by default any of 200 to 299. */
export function accepts(accepted: readonly AcceptedStatus[] = [], status: number): boolean {
  if (accepted.length === 0) return status >= 200 && status < 300;
  return accepted.some(({ statusValue, statusClass }) => {
    if (statusValue !== undefined) return status === statusValue;
    const hundreds = /^STATUS_CLASS_(\d)XX$/.exec(statusClass ?? "")?.[1];
    return hundreds === undefined || Math.floor(status / 100) === Number(hundreds);
  });
}

/** Whether an answer has the content that a matcher asks for. */
export function matchesContent(
  { content = "", matcher = "CONTAINS_STRING", jsonPathMatcher }: ContentMatcher,
  body: string,
): boolean {
  switch (matcher) {
    case "NOT_CONTAINS_STRING":
      return !body.includes(content);
    case "MATCHES_REGEX":
      return matchesPattern(content, body);
    case "NOT_MATCHES_REGEX":
      return !matchesPattern(content, body);
    case "MATCHES_JSON_PATH":
    case "NOT_MATCHES_JSON_PATH": {
      const found = valueAt(jsonPathMatcher?.jsonPath ?? "", body);
      const matches =
        jsonPathMatcher?.jsonMatcher === "REGEX_MATCH"
          ? matchesPattern(content, String(found))
          : JSON.stringify(found) === content || String(found) === content;
      return matches === (matcher === "MATCHES_JSON_PATH");
    }
    default:
      return body.includes(content);
  }
}

function matchesPattern(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return false;
  }
}

/** Value at a path such as `$.status` or `$.items[0]['name']`; undefined where there is none. */
function valueAt(path: string, body: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  for (const [, name, index, quoted] of path.matchAll(/\.(\w+)|\[(\d+)\]|\['([^']*)'\]/g)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[name ?? index ?? quoted ?? ""];
  }
  return value;
}
