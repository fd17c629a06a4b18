import { invalidField } from "../api-error.ts";
import type { LogMatch } from "./alert-policy.ts";
import { requireLength } from "./limits.ts";

const MAX_CHARACTERS = 2048;

/**
 * Checks a condition on log entries: its length, its quotes and its parentheses.
 *
 * The API parses the whole filter; its messages leave out the kind of condition, as this one does.
 */
export function checkLogMatch(field: string, { filter }: LogMatch): void {
  requireLength(`${field}.filter`, filter, MAX_CHARACTERS);
  const stray = strayMark(filter);
  if (stray === undefined) return;
  const before = filter.slice(0, stray).split("\n");
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
  const problem = `Unparseable filter: syntax error at ${place}, token '${filter[stray]}'`;
  throw invalidField(`${field}.filter`, filter, problem);
}

/** Where a quote or a parenthesis has no partner. */
function strayMark(filter: string): number | undefined {
  const bare = filter.replace(/"(?:[^"\\]|\\[^])*"|--[^\n]*/g, (text) => " ".repeat(text.length));
  const open: number[] = [];
  for (const { 0: mark, index } of bare.matchAll(/["()]/g)) {
    if (mark === "(") open.push(index);
    else if (mark === '"' || open.pop() === undefined) return index;
  }
  return open[0];
}
