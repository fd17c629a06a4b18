import type { Answer } from "./answer.ts";
import type { Description, Operation } from "./openapi.ts";

/** Heading of what belongs to no protocol. */
const OWN = "collector";

/** A description as a page for people: without a script, and with nothing of another site. */
export function openApiPage({ info, paths }: Description): Answer {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const tags = [OWN, ...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))];
  const links = tags.map((tag) => `<a href="#${escaped(tag)}">${escaped(tag)}</a>`).join(" · ");
  const sections = tags.map((tag) => {
    const entries = operations
      .filter(({ operation: { tags: its = [OWN] } }) => its.includes(tag))
      .map(({ method, path, operation }) => entry(method, path, operation));
    return `<h2 id="${escaped(tag)}">${escaped(tag)}</h2>${entries.join("")}`;
  });
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      "x-robots-tag": "noindex",
    },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(info.title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:50em;margin:2em auto;padding:0 1em}code{font-size:1em}</style>
</head>
<body><h1>${escaped(info.title)}</h1><p>${escaped(info.description)}</p>
<p><a href="/openapi.json">OpenAPI</a> · ${links}</p>
${sections.join("\n")}
</body>
</html>
`,
  };
}

function entry(method: string, path: string, { summary, responses }: Operation): string {
  const answers = Object.entries(responses).map(
    ([status, { description }]) => `<li><code>${escaped(status)}</code> ${escaped(description)}`,
  );
  return `<details><summary><code>${escaped(method.toUpperCase())} ${escaped(path)}</code> ${escaped(summary)}</summary><ul>${answers.join("")}</ul></details>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
