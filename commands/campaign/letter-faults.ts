import type { EntryFields } from "../../services/worker/connectors/words.ts";
import { readLetter } from "../../services/worker/mail/letter.ts";
import { lineTemplate, placeholdersIn } from "../../services/worker/mail/placeholders.ts";

/** Somebody whom a letter is written to. */
export interface SamplePerson {
  readonly traits: Readonly<Record<string, unknown>>;
}

/** What the stack itself fills in, by the field that it stands in. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  subject: ["siteUrl", "unsubscribeUrl"],
  preheader: ["siteUrl", "unsubscribeUrl"],
  body: ["siteUrl", "unsubscribeUrl", "preheader"],
};

const REMEDY = "correct it in the CMS";

const LINKS = {
  siteUrl: "https://site.example",
  unsubscribeUrl: "https://events.example/mail/unsubscribe/sample",
};

/**
 * All that is wrong with an entry `email-template` in its locale, once it is written to each of `people` by the code that the worker
 * writes letters by.
 *
 * @returns `<field of the entry> must <rule>, got <value>; <remedy>`.
 */
export async function letterFaults(
  entry: EntryFields,
  locale: string,
  people: readonly SamplePerson[],
): Promise<string[]> {
  const letter = await readLetter(entry, locale);
  const mistakes = "mistakes" in letter ? letter.mistakes : [];
  const faults = [
    ...mistakes.map((mistake) => (mistake.includes("; ") ? mistake : `${mistake}; ${REMEDY}`)),
    ...placeholderFaults(entry, people),
  ];
  if ("mistakes" in letter) return faults;
  const letters = people.map(({ traits }) => letter.template({ traits, ...LINKS }));
  const wordless = letters.filter(({ subject }) => subject === "").length;
  if (wordless > 0) {
    faults.push(
      `subject must say something to everybody, got nothing for ${wordless} of ${people.length} people; write words around its placeholders in the CMS`,
    );
  }
  // It may stand in a comment, or as words that nobody can follow.
  if (!letters.every(({ html }) => isUnsubscribed(html))) {
    faults.push(
      `body must hold a link to unsubscribe, got {{ unsubscribeUrl }} where nobody can follow it; write <a href="{{ unsubscribeUrl }}"> in the CMS`,
    );
  }
  return faults;
}

/** Whether a letter has an `a` that leads to where one unsubscribes. */
function isUnsubscribed(html: string): boolean {
  const links = html.replace(/<!--[\s\S]*?-->/g, "").match(/<a\b[^>]*>/gi) ?? [];
  return links.some((link) => link.includes(LINKS.unsubscribeUrl));
}

function placeholderFaults(entry: EntryFields, people: readonly SamplePerson[]): string[] {
  return Object.entries(OWN).flatMap(([field, own]) => {
    const text = entry[field];
    if (typeof text !== "string") return [];
    const unfilled = [...new Set(placeholdersIn(text))].filter(
      (name) => !own.includes(name) && !people.some(({ traits }) => isFilled(name, traits)),
    );
    return [
      ...unfilled.map(
        (name) =>
          `${field} must have placeholders that somebody fills, got {{ ${name} }} and ${people.length} people without it; correct its name in the CMS, or have people who are recorded: --people EVENTS`,
      ),
      ...brokenIn(text).map(
        (broken) =>
          `${field} must have placeholders of one word, got ${JSON.stringify(broken)}; write it as {{ firstName }} in the CMS`,
      ),
    ];
  });
}

function isFilled(name: string, traits: SamplePerson["traits"]): boolean {
  return lineTemplate(`{{ ${name} }}`)({ traits, own: {} }) !== "";
}

/** What begins as a placeholder and is none: it would leave as it stands. */
function brokenIn(text: string): string[] {
  const rest = placeholdersIn(text).reduce(
    (left, name) => left.replace(new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`), ""),
    text,
  );
  return (rest.match(/\{\{[^{}<]{0,40}\}{0,2}/g) ?? []).map((one) => one.trim());
}
