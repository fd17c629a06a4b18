import { digestOf } from "../../stacks/canonical-json.ts";
import { defaultLocale } from "../../services/cms/src/seed/locales.ts";
import type { ContentType } from "./content-types.ts";
import { nameOf, type Fields } from "./fields.ts";

/** The published content of a CMS: what a release carries, without anything of the environment that it was read in. */
export interface Snapshot {
  readonly version: 1;
  /** By type, then by name. */
  readonly documents: readonly SnapshotDocument[];
}

/** An entry of the CMS in all locales in which it is published. */
export interface SnapshotDocument {
  readonly type: ContentType;
  /** Its name in the CMS's default locale, or in the first one that it has. */
  readonly name: string;
  /** At least one, by locale. */
  readonly entries: Readonly<Record<string, Fields>>;
}

/** One locale of an entry, as an environment has it. */
export interface LocalEntry {
  readonly type: ContentType;
  /** Id of the entry in this environment, the same in all locales. */
  readonly documentId: string;
  readonly locale: string;
  readonly fields: Fields;
}

/**
 * The snapshot of published entries: the same content gives the same one, in whatever order and environment it was read.
 *
 * @throws Error naming an entry without a name, or two of the same.
 */
export function snapshotOf(published: readonly LocalEntry[]): Snapshot {
  const byDocument = new Map<string, LocalEntry[]>();
  for (const entry of published) {
    const id = `${entry.type} ${entry.documentId}`;
    byDocument.set(id, [...(byDocument.get(id) ?? []), entry]);
  }
  const documents = [...byDocument.values()].map(documentOf).sort(byTypeAndName);
  documents.forEach((document, index) => {
    const before = documents[index - 1];
    if (before && byTypeAndName(before, document) === 0) {
      throw new Error(
        `a published ${document.type} must have a name of its own, got two that are called ${JSON.stringify(document.name)}; rename or unpublish one in the CMS`,
      );
    }
  });
  return { version: 1, documents };
}

/** `sha256:…` of a snapshot. */
export function snapshotDigest(snapshot: Snapshot): string {
  return digestOf(snapshot);
}

/** What people call one locale of an entry: `page home (en)`. */
export function entryName(
  { type, name }: Pick<SnapshotDocument, "type" | "name">,
  locale: string,
): string {
  return `${type} ${name} (${locale})`;
}

/** Locales in the order in which a document is named by them: the default one, then by code. */
export function localesOf(entries: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(entries).sort((a, b) => {
    if (a === b) return 0;
    if (a === defaultLocale || b === defaultLocale) return a === defaultLocale ? -1 : 1;
    return a < b ? -1 : 1;
  });
}

/** Entries whose text names a file of the CMS's media library, which no snapshot carries. */
export function namingFiles({ documents }: Snapshot): string[] {
  return documents.flatMap((document) =>
    localesOf(document.entries)
      .filter((locale) => JSON.stringify(document.entries[locale]).includes("/uploads/"))
      .map((locale) => entryName(document, locale)),
  );
}

function documentOf(entriesOfOne: readonly LocalEntry[]): SnapshotDocument {
  const { type } = entriesOfOne[0]!;
  const entries = Object.fromEntries(entriesOfOne.map(({ locale, fields }) => [locale, fields]));
  const [first] = localesOf(entries);
  const name = nameOf(type, entries[first!]!);
  if (name === undefined) {
    throw new Error(
      `a published ${type} must have a name, got ${JSON.stringify(entries[first!]).slice(0, 200)}`,
    );
  }
  return { type, name, entries };
}

function byTypeAndName(a: SnapshotDocument, b: SnapshotDocument): number {
  const [left, right] = [a, b].map(({ type, name }) => `${type} ${name}`) as [string, string];
  return left === right ? 0 : left < right ? -1 : 1;
}
