import type { ContentCms } from "./cms.ts";
import { EnvironmentContent } from "./environment-content.ts";
import { planContent, type ContentPlan } from "./plan.ts";
import { seededContent } from "./seeded.ts";
import { readSnapshot, readSnapshots } from "./snapshot-file.ts";
import { entryName, snapshotDigest, snapshotOf, type Snapshot } from "./snapshot.ts";

/** What came of bringing content into an environment. */
export interface BroughtContent {
  /** Number of entries that were published or taken back, each locale by itself. */
  readonly changed: number;
  /** Number of entries that are as the release has them now. */
  readonly there: number;
  /** What somebody edited here, and is as it was: `page home (en) was edited here`. */
  readonly kept: readonly string[];
}

/**
 * Brings the content of a release into an environment's CMS, and looks whether it is there. What somebody edited there since
 * the last one came is left as it is.
 *
 * What is about to come is noted in the CMS before the first entry changes: killed in between, the next call goes on, and takes
 * nothing of its own for an edit.
 *
 * @param digest of the release's content.
 * @throws Error if the CMS refuses an entry, with its name, or if this clone lacks a snapshot.
 */
export async function bringContent(
  cms: ContentCms,
  digest: string,
  folder?: string,
): Promise<BroughtContent> {
  const wanted = readSnapshot(digest, folder);
  const noted = await cms.brought();
  const seeded = seededContent("published");
  const seed = snapshotDigest(seeded);
  const former = noted.length > 0 ? noted : [seed];
  const brought = former.flatMap((one) =>
    // What a CMS begins with is often the first thing that somebody takes away.
    one === seed ? [seeded, snapshotOf([])] : [readSnapshot(one, folder)],
  );
  const known = (): Snapshot[] => [...readSnapshots(folder), seeded, seededContent("draft")];
  const plan = async (): Promise<ContentPlan> =>
    planContent({ wanted, brought, here: await EnvironmentContent.read(cms), known });
  const { steps, kept, same } = await plan();
  if (steps.length > 0) {
    await cms.note([digest, ...former.filter((one) => one !== digest)]);
    await take(cms, steps);
    const { steps: left } = await plan();
    if (left.length > 0) {
      throw new Error(
        `content must be in the CMS after it was written, got other content of ${named(left)}; somebody may be editing it: run npm run up again`,
      );
    }
  }
  if (noted.length !== 1 || noted[0] !== digest || steps.length > 0) await cms.note([digest]);
  const written = steps.filter(({ kind }) => kind === "publish").length;
  return { changed: steps.length, there: same + written, kept };
}

/** Takes the steps in order; the locales of a new entry follow its first one. */
async function take(cms: ContentCms, steps: ContentPlan["steps"]): Promise<void> {
  const made = new Map<object, string>();
  for (const step of steps) {
    const { kind, document, locale, fields } = step;
    const { type } = document;
    const documentId = step.documentId ?? made.get(document);
    try {
      if (kind === "publish") {
        made.set(document, await cms.publish({ type, documentId, locale, fields }));
      } else {
        await cms.unpublish({ type, documentId: documentId!, locale });
      }
    } catch (error) {
      throw new Error(
        `${entryName(document, locale)} must be ${kind}ed: ${(error as Error).message}`,
        {
          cause: error,
        },
      );
    }
  }
}

function named(steps: ContentPlan["steps"]): string {
  return steps.map(({ document, locale }) => entryName(document, locale)).join(", ");
}
