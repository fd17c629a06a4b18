import { seedEntries } from "../../services/cms/src/seed/entries.ts";
import type { ContentType } from "./content-types.ts";
import { snapshotOf, type LocalEntry, type Snapshot } from "./snapshot.ts";

/** What a new CMS begins with, by `status`: nobody edited it there. */
export function seededContent(status: "published" | "draft"): Snapshot {
  return snapshotOf(
    seedEntries
      .filter((entry) => entry.status === status)
      .flatMap(({ uid, key, shared, localized }, index) =>
        Object.entries(localized).map(([locale, texts]): LocalEntry => ({
          type: uid.split(".")[1] as ContentType,
          documentId: String(index),
          locale,
          fields: { ...key, ...shared, ...texts },
        })),
      ),
  );
}
