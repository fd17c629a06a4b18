import { compile } from "html-to-text";
import type { EntryFields } from "../connectors/words.ts";
import {
  htmlTemplate,
  lineTemplate,
  placeholdersIn,
  textTemplate,
  type Values,
} from "./placeholders.ts";

/** A letter to one person. */
export interface Letter {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** Writes a letter for somebody. */
export type LetterTemplate = (values: LetterValues) => Letter;

/** What is known when a letter is written. */
export interface LetterValues {
  readonly traits: Values["traits"];
  /** Of `{{ siteUrl }}` and `{{ unsubscribeUrl }}`. */
  readonly siteUrl: string;
  readonly unsubscribeUrl: string;
}

const toText = compile({
  wordwrap: false,
  selectors: [
    { selector: "a", options: { linkBrackets: ["<", ">"], hideLinkHrefIfSameAsText: true } },
    { selector: "img", format: "skip" },
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({
      selector,
      options: { uppercase: false },
    })),
  ],
});

/** What {@link readLetter} makes of an entry: a template, or all that is wrong as `<field> must <rule>, got <value>`. */
export type ReadLetter =
  { readonly template: LetterTemplate } | { readonly mistakes: readonly [string, ...string[]] };

/**
 * Makes a template of an entry `email-template` of the CMS: MJML, once for everybody. It includes no file and asks no other server for
 * anything. An entry is of no use that has no subject, is no valid MJML, includes a file, or has no link to unsubscribe.
 */
export async function readLetter(entry: EntryFields, locale: string): Promise<ReadLetter> {
  const mistakes = fieldMistakes(entry);
  const [subject = "", preheader, body] = ["subject", "preheader", "body"].map((name) => {
    const value = entry[name];
    return typeof value === "string" ? value : undefined;
  });
  let html = "";
  if (body !== undefined) {
    try {
      html = await htmlOf(withHead(body, locale, preheader !== undefined));
    } catch (error) {
      mistakes.push((error as Error).message);
    }
  }
  const [first, ...others] = mistakes;
  if (first !== undefined) return { mistakes: [first, ...others] };
  const write = {
    subject: lineTemplate(subject),
    preheader: lineTemplate(preheader ?? ""),
    html: htmlTemplate(html),
    text: textTemplate(toText(html.replace(/<div style="display:none[\s\S]*?<\/div>/, ""))),
  };
  const template: LetterTemplate = ({ traits, siteUrl, unsubscribeUrl }) => {
    const links = { siteUrl, unsubscribeUrl };
    const own = { ...links, preheader: write.preheader({ traits, own: links }) };
    return {
      subject: write.subject({ traits, own: links }).replace(/\s+/g, " ").trim(),
      html: write.html({ traits, own }),
      text: write.text({ traits, own }),
    };
  };
  return { template };
}

function fieldMistakes({ subject, body }: EntryFields): string[] {
  const isSubject = typeof subject === "string" && subject.trim() !== "";
  const ofSubject = isSubject ? [] : ["subject must be set, got nothing"];
  if (typeof body !== "string") return [...ofSubject, "body must be MJML, got nothing"];
  return [
    ...ofSubject,
    ...(/<mj-include\b/i.test(body)
      ? ["body must be whole in itself, got mj-include; write what it includes there"]
      : []),
    ...(placeholdersIn(body).includes("unsubscribeUrl")
      ? []
      : ["body must hold a link to {{ unsubscribeUrl }}, got none"]),
  ];
}

async function htmlOf(body: string): Promise<string> {
  // As the first letter comes: it is a third of all code of the worker.
  const { default: mjml } = await import("mjml");
  let made: { readonly html: string };
  try {
    made = await mjml(body, {
      validationLevel: "strict",
      ignoreIncludes: true,
      // Else every letter asks Google for a font.
      fonts: {},
    });
  } catch (error) {
    const [first = "an error"] = String((error as Error).message)
      .split("\n")
      .filter((line) => /line \d+/i.test(line));
    throw new Error(`body must be valid MJML, got ${first.trim().slice(0, 200)}`, { cause: error });
  }
  return made.html;
}

/** MJML with the language that it is in, and with the line that an inbox shows beside the subject unless it says one itself. */
function withHead(body: string, locale: string, hasPreheader: boolean): string {
  const spoken = /<mjml\b[^>]*\blang=/i.test(body)
    ? body
    : body.replace(/<mjml\b/i, `<mjml lang="${locale.replace(/[^\w-]/g, "")}"`);
  if (!hasPreheader || /<mj-preview\b/i.test(spoken)) return spoken;
  const preview = "<mj-preview>{{ preheader }}</mj-preview>";
  return /<mj-head\b[^>]*>/i.test(spoken)
    ? spoken.replace(/<mj-head\b[^>]*>/i, `$&${preview}`)
    : spoken.replace(/<mjml\b[^>]*>/i, `$&<mj-head>${preview}</mj-head>`);
}
