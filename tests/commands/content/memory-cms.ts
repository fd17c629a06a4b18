import type { ContentCms, WrittenEntry } from "../../../commands/content/cms.ts";
import type { Fields } from "../../../commands/content/fields.ts";
import type { LocalEntry, SnapshotDocument } from "../../../commands/content/snapshot.ts";

/** A CMS in memory that keeps entries as Strapi does: a draft of each, and what is published beside it. */
export class MemoryCms implements ContentCms {
  private readonly entriesBy = {
    published: new Map<string, LocalEntry>(),
    draft: new Map<string, LocalEntry>(),
  };
  private digests: readonly string[] = [];
  private made = 0;
  /** Writes that still go through; then the process is killed. */
  writes = Infinity;

  constructor(documents: readonly SnapshotDocument[] = []) {
    for (const document of documents) this.edit(document);
  }

  /** Writes and publishes a document as somebody does by hand; the same id for all its locales. */
  edit({ type, name, entries }: SnapshotDocument): void {
    const known = [...this.entriesBy.draft.values()].find(
      (entry) => entry.type === type && entry.fields.slug === name,
    );
    let documentId = known?.documentId;
    for (const [locale, fields] of Object.entries(entries)) {
      documentId = this.write({ type, documentId, locale, fields }, true);
    }
  }

  /** Saves a draft by hand. */
  draft({ type, name, entries }: SnapshotDocument): void {
    const known = [...this.entriesBy.draft.values()].find(
      (entry) => entry.type === type && entry.fields.slug === name,
    );
    for (const [locale, fields] of Object.entries(entries)) {
      this.write({ type, documentId: known?.documentId, locale, fields }, false);
    }
  }

  /** What visitors see. */
  published(): LocalEntry[] {
    return [...this.entriesBy.published.values()];
  }

  async entries(status: "published" | "draft"): Promise<LocalEntry[]> {
    return [...this.entriesBy[status].values()];
  }

  async brought(): Promise<string[]> {
    return [...this.digests];
  }

  async note(digests: readonly string[]): Promise<void> {
    this.count();
    this.digests = digests;
  }

  async publish(entry: WrittenEntry): Promise<string> {
    this.count();
    return this.write(entry, true);
  }

  async unpublish({
    documentId,
    locale,
  }: Pick<LocalEntry, "documentId" | "locale">): Promise<void> {
    this.count();
    this.entriesBy.published.delete(`${documentId} ${locale}`);
  }

  private count(): void {
    if (this.writes === 0) throw new Error("killed");
    this.writes -= 1;
  }

  private write({ type, documentId, locale, fields }: WrittenEntry, isPublished: boolean): string {
    const id = documentId ?? `d${(this.made += 1)}`;
    const key = `${id} ${locale}`;
    const written: Fields = Object.fromEntries(
      Object.entries({ ...this.entriesBy.draft.get(key)?.fields, ...fields }).filter(
        ([, value]) => value !== null,
      ),
    );
    const entry = { type, documentId: id, locale, fields: written };
    this.entriesBy.draft.set(key, entry);
    if (isPublished) this.entriesBy.published.set(key, entry);
    return id;
  }
}
