import { transformSync } from "esbuild";

import { snippetDialects, snippetsOf } from "../../../commands/sources/snippets.ts";
import { DIALECTS } from "../../../services/contract/source-rules.ts";

const snippets = snippetsOf("http://127.0.0.1:30101/", "KEY_OF_SOURCE", DIALECTS);

test("every dialect has lines for its SDKs", () => {
  expect([...DIALECTS].sort()).toEqual([...snippetDialects].sort());
});

test.each(snippets.map((snippet) => [snippet.split("\n", 1)[0], snippet]))(
  "those of %s are a program with address and key",
  (_, snippet) => {
    const code = snippet.slice(snippet.indexOf("\n") + 1);
    expect(transformSync(code, { loader: "ts" }).warnings).toEqual([]);
    expect(code).toContain("127.0.0.1:30101");
    expect(code).toContain("KEY_OF_SOURCE");
  },
);

test("a source that may use one protocol is shown that one", () => {
  expect(snippetsOf("https://events.example", "KEY_OF_SOURCE", ["mixpanel"])).toEqual([
    expect.stringMatching(/^mixpanel\n.*host: "events.example", protocol: "https"/s),
  ]);
});

test.each([
  ["http://127.0.0.1:30101", 30443, "127.0.0.1:30443"],
  ["https://events.example", undefined, "events.example"],
])("what insists on https is led from %s, with TLS at %s, to %s", (url, tlsPort, domain) => {
  expect(snippetsOf(url, "KEY_OF_SOURCE", ["mparticle"], tlsPort)).toEqual([
    expect.stringContaining(`domain: "${domain}"`),
  ]);
});
