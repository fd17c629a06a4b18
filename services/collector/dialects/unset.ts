import { textOf } from "./fields.ts";
import type { Fields } from "./fields.ts";

/** Traits of which nothing is known any more: null under each of the names in a list. */
export function unset(names: unknown): Fields {
  return Object.fromEntries(
    (Array.isArray(names) ? names : [])
      .map(textOf)
      .flatMap((name) => (name === null ? [] : [[name, null]])),
  );
}
