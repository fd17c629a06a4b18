import { isSame } from "./fields.ts";
import { entryName, localesOf, type Snapshot } from "./snapshot.ts";

/** How many entries a sentence names. */
const MOST = 20;

/** Which entries change from one snapshot to another, a sentence for each way in which they do. */
export function contentDifference(from: Snapshot, to: Snapshot): string[] {
  const [before, after] = [from, to].map(entriesOf) as [Entries, Entries];
  const added = [...after.keys()].filter((name) => !before.has(name));
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const changed = [...after.keys()].filter(
    (name) => before.has(name) && !isSame(before.get(name), after.get(name)),
  );
  return [
    ...sentence("New content", added),
    ...sentence("Changed content", changed),
    ...sentence("Content that is taken back", gone),
  ];
}

/** `<words>: page home (en), page home (es).`; nothing without names. */
export function sentence(words: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > MOST ? ` and ${names.length - MOST} more` : "";
  return [`${words}: ${names.slice(0, MOST).join(", ")}${more}.`];
}

type Entries = ReadonlyMap<string, unknown>;

function entriesOf({ documents }: Snapshot): Entries {
  return new Map(
    documents.flatMap((document) =>
      localesOf(document.entries).map((locale): [string, unknown] => [
        entryName(document, locale),
        document.entries[locale],
      ]),
    ),
  );
}
