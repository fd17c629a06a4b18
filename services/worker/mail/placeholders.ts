/** Values by the names that placeholders have for them. */
export interface Values {
  /** What a person or a vendor said of a person: anything. */
  readonly traits: Readonly<Record<string, unknown>>;
  /** What the stack itself says, links among it: trusted to be a whole URL where one is wanted. */
  readonly own: Readonly<Record<string, string>>;
}

/** Fills a template in. */
export type Fill = (values: Values) => string;

/** The most that is taken of a trait, in characters. */
const MOST = 500;

const PLACEHOLDER = /\{\{\s*(\w{1,64})\s*\}\}/;

/** A comment, a style sheet or script, a tag, or text. */
const HTML_PART =
  /<!--[\s\S]*?-->|<(style|script)\b[\s\S]*?<\/\1\s*>|<[a-z/!](?:"[^"]*"|'[^']*'|[^'">])*>|[^<]+|</gi;

/** Attributes whose value people read. */
const READ = /\b(?:alt|title|aria-label)\s*=\s*(?:"[^"]*|'[^']*)$/i;

/**
 * A text with placeholders such as `{{ firstName }}`. White space becomes single spaces, and what leads to a value that is not known
 * goes: `Welcome, {{ firstName }}` becomes `Welcome`.
 */
export function lineTemplate(text: string): Fill {
  return template([{ text, isCode: false }], (value) => value);
}

/**
 * HTML with placeholders: a trait becomes text and never mark-up. In tags, comments and style sheets, where it may be part of a link,
 * it is percent-encoded, so that it can neither end what it stands in nor choose where a link leads.
 */
export function htmlTemplate(html: string): Fill {
  const parts = html.match(HTML_PART) ?? [];
  return template(
    parts.map((text) => ({ text, isCode: text.length > 1 && text.startsWith("<") })),
    escaped,
  );
}

/** Plain text with placeholders; links stand in it as `<https://…>`. */
export function textTemplate(text: string): Fill {
  const parts = text.match(/<https?:[^>]*>|<\{\{[^>]*>|[\s\S]+?(?=<https?:|<\{\{|$)/gi) ?? [];
  return template(
    parts.map((one) => ({ text: one, isCode: /^<(https?:|\{\{)/i.test(one) })),
    (value) => value,
  );
}

/** Names of the placeholders in a text. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(new RegExp(PLACEHOLDER, "g"))].map(([, name]) => name!);
}

interface Part {
  readonly text: string;
  /** Whether it is no text that people read. */
  readonly isCode: boolean;
}

type Piece = string | { readonly name: string; readonly isCode: boolean };

function template(parts: readonly Part[], write: (value: string) => string): Fill {
  const pieces = parts.flatMap(({ text, isCode }): Piece[] =>
    text
      .split(new RegExp(PLACEHOLDER, "g"))
      .map((piece, index, all) =>
        index % 2 === 0
          ? piece
          : { name: piece, isCode: isCode && !READ.test(all.slice(0, index).join("")) },
      ),
  );
  return ({ traits, own }) => {
    let filled = "";
    for (const piece of pieces) {
      if (typeof piece === "string") {
        filled += piece;
        continue;
      }
      const { name, isCode } = piece;
      if (Object.hasOwn(own, name)) {
        filled += write(own[name]!);
        continue;
      }
      const value = traitOf(traits, name);
      if (value === "" && !isCode) filled = filled.replace(/,? +$/, "");
      filled += isCode ? percentEncoded(value) : write(value);
    }
    return filled;
  };
}

function traitOf(traits: Values["traits"], name: string): string {
  const value = Object.hasOwn(traits, name) ? traits[name] : undefined;
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return "";
  // Whole characters only, and none that controls anything.
  return [...value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").toWellFormed()].slice(0, MOST).join("");
}

function escaped(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function percentEncoded(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
