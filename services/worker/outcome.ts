/** How a task ended. A task throws only to be tried again. */
export type Outcome =
  | { readonly kind: "ok" }
  | { readonly kind: "drop"; readonly reason: string }
  | { readonly kind: "deadLetter"; readonly reason: string };

/** Done. */
export const ok: Outcome = { kind: "ok" };

/** Nothing to do, for good. */
export function drop(reason: string): Outcome {
  return { kind: "drop", reason };
}

/** Cannot be done by trying again; somebody has to look. */
export function deadLetter(reason: string): Outcome {
  return { kind: "deadLetter", reason };
}
