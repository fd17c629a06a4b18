import type { Declared } from "../rotation/declared.ts";

/** What `npm run sources` lists: each source and what it may do. Shows no key. */
export function sourcesTable({ sources, sourceRules, generations }: Declared): string {
  const rows = sources.map((source) => {
    const { origins, dialects, eventsPerSecond, retentionDays } = sourceRules[source] ?? {};
    const both = (generations[`collector-${source}`]?.length ?? 1) > 1;
    return [
      source,
      both ? "two, the former until --retire" : "one",
      origins?.join(" ") ?? "any",
      dialects?.join(" ") ?? "any",
      String(eventsPerSecond ?? "any"),
      retentionDays === undefined ? "for ever" : `${retentionDays} days`,
    ];
  });
  const header = ["SOURCE", "WRITE KEYS", "ORIGINS", "DIALECTS", "EVENTS A SECOND", "KEPT"];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
