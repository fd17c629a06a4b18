import type { EnvironmentContent } from "./environment-content.ts";
import { isSame, nameOf, type Fields } from "./fields.ts";
import { judgeSlot, type SlotJudgement } from "./judge-slot.ts";
import { entryName, localesOf, type Snapshot, type SnapshotDocument } from "./snapshot.ts";

/** How the content of an environment becomes that of a release. */
export interface ContentPlan {
  readonly steps: readonly ContentStep[];
  /** What somebody edited here and the release would change: `page home (en) was edited here`. */
  readonly kept: readonly string[];
  /** Number of entries, each locale by itself, that are as the release has them. */
  readonly same: number;
}

/** One change of the environment's CMS. */
export interface ContentStep {
  readonly kind: "publish" | "unpublish";
  readonly document: SnapshotDocument;
  /** Id in the environment; undefined for an entry that it does not have yet. */
  readonly documentId: string | undefined;
  readonly locale: string;
  /** Empty where it is unpublished; null for a field that it loses. */
  readonly fields: Fields;
}

/** What content is planned from. */
export interface ContentComparison {
  readonly wanted: Snapshot;
  /** Snapshots that were brought here; at least one. */
  readonly brought: readonly Snapshot[];
  readonly here: EnvironmentContent;
  /** Reads what else a release carried once, or a CMS begins with; asked for drafts that nothing else explains. */
  readonly known: () => readonly Snapshot[];
}

/** The plan of a release's content in an environment. */
export function planContent({ wanted, brought, here, known }: ContentComparison): ContentPlan {
  const before = brought.map((snapshot) => new Found(snapshot, here));
  const isKnown = (document: SnapshotDocument, fields: Fields): boolean =>
    known().some(({ documents }) =>
      documents.some(
        ({ type, entries }) =>
          type === document.type && Object.values(entries).some((one) => isSame(one, fields)),
      ),
    );
  const steps: ContentStep[] = [];
  const kept: string[] = [];
  let same = 0;
  const decide = (
    document: SnapshotDocument,
    documentId: string | undefined,
    locale: string,
    fields: Fields | undefined,
  ): void => {
    const slot = here.slot(documentId, locale);
    const judgement: SlotJudgement = judgeSlot(slot, {
      wanted: fields,
      brought: before.map((one) => one.fields(document, documentId, locale)),
      isKnown: (draft) => isKnown(document, draft),
    });
    if (judgement.kind === "kept") kept.push(`${entryName(document, locale)} ${judgement.how}`);
    else if (judgement.kind === "same") same += fields === undefined ? 0 : 1;
    else {
      const lost = Object.keys({ ...slot.published, ...slot.draft }).filter(
        (name) => fields !== undefined && !(name in fields),
      );
      const empty = Object.fromEntries(lost.map((name) => [name, null]));
      steps.push({
        kind: judgement.kind,
        document,
        documentId,
        locale,
        fields: { ...empty, ...fields },
      });
    }
  };

  const decided = new Set<string>();
  for (const document of wanted.documents) {
    for (const locale of localesOf(document.entries)) {
      const id = here.idOf(document, locale);
      decided.add(`${id} ${locale}`);
      decide(document, id, locale, document.entries[locale]);
    }
  }
  for (const document of brought.flatMap(({ documents }) => documents)) {
    for (const locale of localesOf(document.entries)) {
      const id = here.idOf(document, locale);
      if (id === undefined || decided.has(`${id} ${locale}`)) continue;
      decided.add(`${id} ${locale}`);
      decide(document, id, locale, undefined);
    }
  }
  return { steps, kept, same };
}

/** A snapshot by what its entries are in an environment. */
class Found {
  private readonly bySlot = new Map<string, Fields>();
  private readonly byName = new Map<string, Fields>();

  constructor({ documents }: Snapshot, here: EnvironmentContent) {
    for (const document of documents) {
      for (const [locale, fields] of Object.entries(document.entries)) {
        const id = here.idOf(document, locale);
        if (id !== undefined) this.bySlot.set(`${id} ${locale}`, fields);
        this.byName.set(identity(document, locale, fields), fields);
      }
    }
  }

  /** What the snapshot has of a document that has this id here in this locale. */
  fields(
    document: SnapshotDocument,
    documentId: string | undefined,
    locale: string,
  ): Fields | undefined {
    if (documentId !== undefined) return this.bySlot.get(`${documentId} ${locale}`);
    // What was deleted here has no id any more.
    const wanted = document.entries[locale];
    return wanted && this.byName.get(identity(document, locale, wanted));
  }
}

function identity({ type }: SnapshotDocument, locale: string, fields: Fields): string {
  return `${type} ${locale} ${nameOf(type, fields)}`;
}
