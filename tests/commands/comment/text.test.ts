import fc from "fast-check";
import { commentText, defused } from "../../../commands/comment/text.ts";

const run = { commit: "0123456789abcdef", url: "https://ci.example/runs/1", trusted: true };

test("says which commit and run it tells of, then what the run left", () => {
  expect(commentText("Preview", run, "| create |\n| ------ |\n| 2 |\n")).toBe(
    "## Preview\n\n> Commit `0123456789ab`, [its run](https://ci.example/runs/1).\n\n| create |\n| ------ |\n| 2 |\n",
  );
});

test("a run that left nothing outdates what was there before", () => {
  expect(commentText("Preview", run, undefined)).toContain("The run left nothing to show");
});

test("what untrusted code printed is said to be unverified, above it", () => {
  const text = commentText("Preview", { ...run, trusted: false }, "# All is well");
  expect(text.indexOf("**Unverified:**")).toBeGreaterThan(0);
  expect(text.indexOf("**Unverified:**")).toBeLessThan(text.indexOf("# All is well"));
});

test("a long text is cut at a line, says so, and stays below what GitHub takes", () => {
  for (const trusted of [true, false]) {
    const text = commentText("Preview", { ...run, trusted }, "<line>\n".repeat(50_000));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain("> Cut after 60000 characters");
  }
});

test.each([
  ["a mention", "ask @octocat", "ask @\u200boctocat"],
  ["a mention behind an entity", "ask &#64;octocat", "ask &amp;#\u200b64;octocat"],
  ["an issue", "closes #12 and o/r#3", "closes #\u200b12 and o/r#\u200b3"],
  ["an issue in words", "GH-12", "GH-\u200b12"],
  ["a link", "[log in](https://evil.example)", "[log in]\u200b(https:\u200b//evil.example)"],
  ["an image", "![x][y]\n\n[y]: //evil", "![x]\u200b[y]\n\n[y]\u200b: //evil"],
  ["a bare address", "www.evil.example", "www\u200b.evil.example"],
  ["HTML", '<img src="x">', '&lt;img src="x">'],
  ["a hidden comment", "<!-- marketing-stack:preview -->", "&lt;!-- marketing-stack:preview -->"],
  ["a command of GitLab", "  /merge", "  \\/merge"],
  ["text against the reading direction", "a\u202eb\u2066c", "abc"],
  ["control characters", "a\u0000b\u001b[31mc", "ab[31mc"],
])("%s is defused", (_, text, expected) => {
  expect(defused(text)).toBe(expected);
});

test("tables, code and folding stay as they are", () => {
  const digest =
    "### Summary\n\n| op | kind |\n| -- | ---- |\n| create | `Bucket` |\n\n<details><summary>all</summary>\n\n- `a.b[0].c`\n\n</details>\n";
  expect(defused(digest)).toBe(digest);
});

test("whatever somebody writes, nothing active is left", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "<",
      "<a",
      "<!--",
      "@",
      "@a",
      "#1",
      "](",
      "][",
      "]:",
      "://",
      "www.",
      "\n/",
      "&#64;",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = defused(pieces.join(""));
      expect(text).not.toMatch(
        /<(?!\/?(details|summary)>)|@[\w-]|#\d|\][([:]|:\/\/|www\.|^\s*\/|&(?!(amp|lt);)[#\w]/im,
      );
    }),
  );
});
