import type { ContentCms } from "./cms.ts";
import { nameOf, type Fields } from "./fields.ts";
import { localesOf, type LocalEntry, type SnapshotDocument } from "./snapshot.ts";

/** One locale of an entry in an environment. */
export interface Slot {
  /** What visitors see; undefined while it is not published. */
  readonly published?: Fields;
  /** What editors see; undefined where there is no such entry. */
  readonly draft?: Fields;
}

/** The content that an environment has now. */
export class EnvironmentContent {
  /** By id of the entry, then by locale. */
  private readonly slots = new Map<string, Map<string, Slot>>();

  /** Ids of entries by type, locale and name, in either status; the published ones first. */
  private readonly ids = new Map<string, string>();

  constructor(published: readonly LocalEntry[], drafts: readonly LocalEntry[]) {
    for (const entry of published) this.add(entry, { published: entry.fields });
    for (const entry of drafts) this.add(entry, { draft: entry.fields });
  }

  static async read(cms: ContentCms): Promise<EnvironmentContent> {
    const [published, drafts] = await Promise.all([cms.entries("published"), cms.entries("draft")]);
    return new EnvironmentContent(published, drafts);
  }

  /**
   * Id of the entry that a locale of a snapshot's document is here: it has its name in this locale, or else the document's name
   * in another one.
   */
  idOf({ type, entries }: SnapshotDocument, locale: string): string | undefined {
    return [locale, ...localesOf(entries)]
      .map((one) => this.ids.get(identity(type, one, nameOf(type, entries[one]!))))
      .find((id) => id !== undefined);
  }

  /** One locale of an entry; empty where there is none. */
  slot(documentId: string | undefined, locale: string): Slot {
    return (documentId !== undefined && this.slots.get(documentId)?.get(locale)) || {};
  }

  private add({ type, documentId, locale, fields }: LocalEntry, slot: Slot): void {
    const locales = this.slots.get(documentId) ?? new Map<string, Slot>();
    locales.set(locale, { ...locales.get(locale), ...slot });
    this.slots.set(documentId, locales);
    const name = nameOf(type, fields);
    const id = identity(type, locale, name);
    if (name !== undefined && !this.ids.has(id)) this.ids.set(id, documentId);
  }
}

function identity(type: string, locale: string, name: string | undefined): string {
  return `${type} ${locale} ${name}`;
}
