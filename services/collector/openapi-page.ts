import type { Answer } from "./answer.ts";
import { escaped, htmlPage } from "./html-page.ts";
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
  return htmlPage({
    title: info.title,
    style:
      "body{font:16px/1.5 system-ui,sans-serif;max-width:50em;margin:2em auto;padding:0 1em}code{font-size:1em}",
    content: `<p>${escaped(info.description)}</p>
<p><a href="/openapi.json">OpenAPI</a> · ${links}</p>
${sections.join("\n")}
`,
  });
}

function entry(method: string, path: string, { summary, responses }: Operation): string {
  const answers = Object.entries(responses).map(
    ([status, { description }]) => `<li><code>${escaped(status)}</code> ${escaped(description)}`,
  );
  return `<details><summary><code>${escaped(method.toUpperCase())} ${escaped(path)}</code> ${escaped(summary)}</summary><ul>${answers.join("")}</ul></details>`;
}
