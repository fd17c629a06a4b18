import type { Message } from "../protos/schema.ts";
import type { Call, Comparison, Filter } from "./filter.ts";

/** True if a message is one that the filter of a list call asks for. */
export function matches(filter: Filter, message: Message): boolean {
  switch (filter.kind) {
    case "and":
      return filter.terms.every((term) => matches(term, message));
    case "or":
      return filter.terms.some((term) => matches(term, message));
    case "not":
      return !matches(filter.term, message);
    case "call":
      return false;
    case "comparison":
      return filter.operator === "!="
        ? !holds({ ...filter, operator: "=" }, message)
        : holds(filter, message);
  }
}

/** Value of a field that a list call names, e.g. `display_name` or `user_labels.team`. */
export function valueAt(path: readonly string[], message: unknown): unknown {
  return path.reduce<unknown>((value, name) => {
    if (typeof value !== "object" || value === null) return undefined;
    const camelCase = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return (value as Message)[name] ?? (value as Message)[camelCase];
  }, message);
}

function holds({ path, operator, value }: Comparison, message: Message): boolean {
  const found = valueAt(path, message);
  const candidates = Array.isArray(found) ? found : [found ?? ""];
  if (typeof found === "object" && found !== null && !Array.isArray(found)) {
    return typeof value === "string" && Object.hasOwn(found, value);
  }
  return candidates.some((candidate) => compare(String(candidate), operator, value));
}

function compare(found: string, operator: Comparison["operator"], wanted: string | Call): boolean {
  if (typeof wanted === "object") return operator === "=" && apply(wanted, found);
  switch (operator) {
    case ":":
      return found.toLowerCase().includes(wanted.toLowerCase());
    case ">":
      return found > wanted;
    case "<":
      return found < wanted;
    case ">=":
      return found >= wanted;
    case "<=":
      return found <= wanted;
    default:
      return found === wanted;
  }
}

function apply({ name, arguments: [first = "", ...rest] }: Call, found: string): boolean {
  switch (name) {
    case "starts_with":
      return found.startsWith(first);
    case "ends_with":
      return found.endsWith(first);
    case "has_substring":
      return found.includes(first);
    case "one_of":
      return [first, ...rest].includes(found);
    case "monitoring.regex.full_match":
      return fullMatch(first, found);
    default:
      return false;
  }
}

function fullMatch(pattern: string, found: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(found);
  } catch {
    return false;
  }
}
