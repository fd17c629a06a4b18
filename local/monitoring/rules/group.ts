import { invalidField, missingField } from "../api-error.ts";
import { parseFilter } from "../filters/filter.ts";
import type { Message } from "../protos/schema.ts";
import { requireLength } from "./limits.ts";

/** Checks a group against the rules of the API that its schema cannot state. */
export function checkGroup(group: Message): void {
  const { displayName, filter } = group as { displayName?: string; filter?: string };
  if (!displayName) throw missingField("group.display_name");
  requireLength("group.display_name", displayName, 512);
  if (!filter) throw missingField("group.filter");
  requireLength("group.filter", filter, 2048);
  try {
    parseFilter(filter);
  } catch (error) {
    throw invalidField("group.filter", filter, (error as Error).message);
  }
}
