/** How the name of every review stack begins (stacks/names.ts). */
export const REVIEW = "review-";

/** With its beginning a name has to stay a stack's name, at most 40 characters. */
const LONGEST = 33;

/**
 * Stack, and namespace, of the review called `name`.
 *
 * @throws Error with a name that would do, if `name` cannot be one.
 */
export function reviewStack(name: string): string {
  if (isName(name)) return `${REVIEW}${name}`;
  const suggestion = suggestedName(name);
  throw new Error(
    `NAME must be 1-${LONGEST} characters of [a-z0-9-] and start and end with a letter or digit, got ${JSON.stringify(name)}` +
      (suggestion ? `; take ${suggestion}` : ""),
  );
}

/** A name made of `text`, say of a branch; undefined where nothing of it can be kept. */
export function suggestedName(text: string): string | undefined {
  const name = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{Mark}+/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, LONGEST)
    .replace(/-$/, "");
  return isName(name) ? name : undefined;
}

function isName(text: string): boolean {
  return text.length <= LONGEST && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text);
}
