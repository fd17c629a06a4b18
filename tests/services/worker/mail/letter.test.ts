import { emailTemplates } from "../../../../services/cms/src/seed/email-templates.ts";
import type { EntryFields } from "../../../../services/worker/connectors/words.ts";
import { readLetter, type LetterTemplate } from "../../../../services/worker/mail/letter.ts";

const links = {
  siteUrl: "https://shop.example",
  unsubscribeUrl: "https://events.example/mail/unsubscribe/t?a=1&b=2",
};

const bodyOf = (inside: string, head = ""): string =>
  `<mjml>${head}<mj-body><mj-section><mj-column><mj-text>${inside} <a href="{{ unsubscribeUrl }}">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>`;

async function templateOf(entry: EntryFields, locale: string): Promise<LetterTemplate> {
  const letter = await readLetter(entry, locale);
  if ("mistakes" in letter) throw new Error(letter.mistakes.join("; "));
  return letter.template;
}

async function written(
  entry: EntryFields,
  traits: Record<string, unknown>,
): Promise<{ subject: string; html: string; text: string }> {
  return (await templateOf(entry, "en"))({ traits, ...links });
}

/** People as they come: names of all alphabets, and what people write into forms. */
const people: readonly Record<string, unknown>[] = [
  ...["Ana", "José Ángel", "Zoë", "O'Brien", "Nguyễn", "Мария", "山田", "محمد", "Ólafur", "李"],
  ...["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</td></tr></table>"],
  ...["{{ email }}", "<!-- -->", "&lt;b&gt;", "\u0000\u001b[31m", "a\r\nBcc: x@y.z", "𝒜𝓃𝒶"],
]
  .map((firstName): Record<string, unknown> => ({ firstName }))
  .concat({});

test.each(["en", "es"] as const)(
  "the letters of the CMS render for 20 people, in %s",
  async (locale) => {
    expect(people).toHaveLength(20);
    const { localized } = emailTemplates[0]!;
    const template = await templateOf(localized[locale]!, locale);
    const bare = template({ traits: {}, ...links });
    const tagsOf = (html: string): string[] => html.match(/<[a-z/!][^>]*>/gi)!;
    for (const traits of people) {
      const { subject, html, text } = template({ traits, ...links });
      expect(tagsOf(html)).toEqual(tagsOf(bare.html));
      expect(html).toContain(`lang="${locale}"`);
      expect(html).not.toContain("{{ firstName");
      expect(html).toContain("https://events.example/mail/unsubscribe/t?a=1&amp;b=2");
      expect(text).toContain("<https://events.example/mail/unsubscribe/t?a=1&b=2>");
      expect(subject).not.toMatch(/[\r\n\0]|, ?$/);
      expect(subject).toContain("Olivar Luz");
    }
    expect(template({ traits: { firstName: "Ana" }, ...links }).subject).toMatch(
      /Olivar Luz, Ana$/,
    );
  },
);

test("what is said of a person is text in text, and cannot choose a link or a style", async () => {
  const body = bodyOf(
    'Hi {{ name }} <img alt="Of {{ name }}" src="https://i.example/{{ name }}.png" /> <a href="{{ name }}" style="color: {{ name }}">go</a>',
    "<mj-head><mj-style>.a { color: {{ name }} }</mj-style></mj-head>",
  );
  const name = "javascript:x('\"<b>')";
  const { html, text } = await written({ subject: "s", body }, { name });
  const encoded = "javascript%3Ax%28%27%22%3Cb%3E%27%29";
  const safe = "javascript:x(&#39;&quot;&lt;b&gt;&#39;)";
  expect(html).toContain(`Hi ${safe} <img alt="Of ${safe}" src="https://i.example/${encoded}.png"`);
  expect(html).toContain(`<a href="${encoded}" style="color: ${encoded}">`);
  expect(html).toContain(`.a { color: ${encoded} }`);
  expect(html).not.toContain("<b>");
  expect(text).toContain(`Hi ${name}`);
});

test("what leads to an unknown name goes, also from the line beside the subject", async () => {
  const entry = {
    subject: "Welcome, {{ firstName }}",
    preheader: "For {{ firstName }} & you",
    body: bodyOf("Good day, {{ firstName }}! You are {{ age }}, {{ toString }}."),
  };
  const { subject, html, text } = await written(entry, { age: 7, firstName: ["no"] });
  expect(subject).toBe("Welcome");
  expect(html).toContain(">For &amp; you</div>");
  expect(html).toContain("Good day! You are 7.");
  expect(text).toMatch(/^Good day! You are 7\. Unsubscribe </);
});

test("a letter asks no other server for anything", async () => {
  const { html } = await written({ subject: "s", body: bodyOf("Hi") }, {});
  expect(html.match(/https?:\/\/[^/"]+/g)).toEqual(["http://www.w3.org", "https://events.example"]);
});

test.each([
  [{ body: bodyOf("x") }, "subject must be set, got nothing"],
  [{ subject: "s" }, "body must be MJML, got nothing"],
  [
    { subject: "s", body: bodyOf("x").replace("Unsubscribe", "").replace("unsubscribeUrl", "x") },
    "body must hold a link to {{ unsubscribeUrl }}, got none",
  ],
  [
    { subject: "s", body: bodyOf('<mj-include path="/etc/passwd" />') },
    "body must be whole in itself, got mj-include; write what it includes there",
  ],
  [
    { subject: "s", body: bodyOf("x").replace("<mj-section>", '<mj-section colour="red">') },
    "body must be valid MJML, got Line 1",
  ],
])("fails on %j", async (entry, problem) => {
  expect(await readLetter(entry, "en")).toEqual({ mistakes: [expect.stringContaining(problem)] });
});

test("fails with all that is wrong at once", async () => {
  const body = '<mjml><mj-body><mj-section colour="red" /></mj-body></mjml>';
  expect(await readLetter({ body }, "en")).toEqual({
    mistakes: [
      "subject must be set, got nothing",
      "body must hold a link to {{ unsubscribeUrl }}, got none",
      expect.stringContaining("body must be valid MJML, got Line 1"),
    ],
  });
});
