import type { Slot } from "./environment-content.ts";
import { isSame, type Fields } from "./fields.ts";

/** What becomes of one locale of an entry. */
export type SlotJudgement =
  | { readonly kind: "same" | "publish" | "unpublish" }
  /** Somebody edited it here; `how` ends the sentence "it …". */
  | { readonly kind: "kept"; readonly how: string };

/** What a locale of an entry is compared with. */
export interface Comparison {
  /** What the release has; undefined where it has none. */
  readonly wanted: Fields | undefined;
  /** What each snapshot that was brought here has: more than one only after an update that was killed. At least one. */
  readonly brought: readonly (Fields | undefined)[];
  /** Whether some release carried exactly these fields: a draft that did is not lost. */
  readonly isKnown: (fields: Fields) => boolean;
}

/** Compares what was brought, what is here and what is wanted: what somebody edited here since is kept. */
export function judgeSlot(
  { published, draft }: Slot,
  { wanted, brought, isKnown }: Comparison,
): SlotJudgement {
  if (isSame(published, wanted)) return { kind: "same" };
  const known = [...brought, wanted].filter((fields) => fields !== undefined);
  if (published === undefined) {
    if (!brought.includes(undefined)) return { kind: "kept", how: "was taken back here" };
  } else if (!isMadeOf(published, known)) {
    return { kind: "kept", how: "was edited here" };
  }
  const isDraftOurs =
    draft === undefined ||
    isSame(draft, published) ||
    isMadeOf(draft, known) ||
    (published === undefined && isKnown(draft));
  if (!isDraftOurs) return { kind: "kept", how: "has a draft that was edited here" };
  return { kind: wanted === undefined ? "unpublish" : "publish" };
}

/**
 * Whether each field is that of one of `known`: fields that all locales share change in all of them when one is written, so an
 * update that was killed leaves entries of which each field is from one of two snapshots.
 */
function isMadeOf(fields: Fields, known: readonly Fields[]): boolean {
  const names = new Set([fields, ...known].flatMap((one) => Object.keys(one)));
  return (
    known.length > 0 &&
    [...names].every((name) => known.some((one) => isSame(one[name], fields[name])))
  );
}
