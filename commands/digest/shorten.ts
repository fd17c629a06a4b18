/** A part of a text that may lose entries from its end. */
export interface Section {
  readonly head: readonly string[];
  readonly entries: readonly string[];
  readonly foot: readonly string[];
  /** What the entries are, where some are left out: `resources`. */
  readonly noun: string;
}

/** Room for the line that says how many entries were left out. */
const REST = 80;

/**
 * The lines of each section, such that all together have at most `limit` characters.
 *
 * Entries are left out from a section's end, and counted there; a section that comes earlier keeps its entries first.
 * Heads and feet always stay.
 */
export function shortened(sections: readonly Section[], limit: number): string[][] {
  const fixed = sections.flatMap(({ head, foot }) => [...head, ...foot]);
  let left = limit - length(fixed) - REST * sections.length;
  return sections.map(({ head, entries, foot, noun }) => {
    const overflow = entries.findIndex((entry) => (left -= entry.length + 1) < 0);
    const shown = overflow < 0 ? entries : entries.slice(0, overflow);
    if (overflow >= 0) left += length(entries.slice(overflow, overflow + 1));
    const rest = entries.length - shown.length;
    const more = rest > 0 ? ["", `… and ${rest} more ${noun}, all in digest.json.`] : [];
    return [...head, ...shown, ...more, ...foot];
  });
}

function length(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
