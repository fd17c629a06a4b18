import type { Answer } from "./answer.ts";

/** A page for people. */
interface HtmlPage {
  /** @default 200 */
  readonly status?: number;
  /** Text; its heading too. */
  readonly title: string;
  readonly style: string;
  /** HTML. */
  readonly content: string;
  /** Besides those of every page. @default - none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page without a script, which no other page may show and no search engine lists. */
export function htmlPage({ status = 200, title, style, content, headers }: HtmlPage): Answer {
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
      "x-robots-tag": "noindex",
      ...headers,
    },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body><h1>${escaped(title)}</h1>${content}</body>
</html>
`,
  };
}

/** Text as it may stand in HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
