import type { ContentReference } from "../../contract/campaign.ts";
import type { Effect, Outcome } from "../journeys/channel.ts";

/** What a message says where people read it as plain text. */
export interface Words {
  /** In a line, up to 256 characters. */
  readonly title: string;
  /** All of it, up to 4,000 characters. */
  readonly text: string;
}

/** An entry of the CMS by the names of its fields. */
export type EntryFields = Readonly<Record<string, unknown>>;

/** Finds what an effect says; undefined if it is not published in the effect's locale. Throws while the CMS does not answer. */
export type FindWords = (effect: Effect) => Promise<Words | undefined>;

/** Fields that an entry of each type is read from: its title, then the paragraphs. */
const FIELDS: Readonly<Record<ContentReference["type"], readonly [string, ...string[]]>> = {
  "email-template": ["subject", "preheader"],
  "landing-page": ["title", "headline", "body", "callToAction", "callToActionUrl"],
  page: ["title", "body"],
};

/**
 * What an entry says to somebody, in plain text: placeholders such as `{{ firstName }}` are the person's traits, and marks of
 * emphasis go.
 */
export function wordsOf(
  type: ContentReference["type"],
  entry: EntryFields,
  traits: Readonly<Record<string, unknown>>,
): Words {
  const [title, ...paragraphs] = FIELDS[type].map((field) => {
    const value = entry[field];
    return typeof value === "string" ? filled(value, traits).replaceAll("**", "") : "";
  });
  return {
    title: title!.slice(0, 256),
    text: paragraphs.filter(Boolean).join("\n").slice(0, 4000),
  };
}

function filled(text: string, traits: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{\{\s*(\w{1,64})\s*\}\}/g, (_all, name: string) => {
    const value = Object.hasOwn(traits, name) ? traits[name] : undefined;
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  });
}

/** Sends an effect with what it says; where that is not known, nothing leaves. */
export async function withWords(
  effect: Effect,
  find: FindWords,
  send: (words: Words) => Promise<Outcome>,
): Promise<Outcome> {
  let words: Words | undefined;
  try {
    words = await find(effect);
  } catch {
    return { kind: "later", reason: "the CMS does not answer" };
  }
  if (words) return send(words);
  const { content, locale } = effect;
  return { kind: "later", reason: `content ${content} is not published in ${locale}` };
}
