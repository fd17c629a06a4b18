/**
 * Text as inline code of Markdown: GitHub and GitLab take nothing in it for markup, links or mentions.
 *
 * Characters that are not shown, or that turn the order of reading, are written as their numbers.
 */
export function code(text: string): string {
  const shown = visible(text.replace(/\s/g, " "));
  const fence = "`".repeat(longestRun(shown) + 1);
  const pad = /^[` ]|[` ]$/.test(shown) || shown === "" ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** {@link code} in a cell of a table, where a bar would end the cell even inside code. */
export function codeCell(text: string): string {
  return code(text).replaceAll("|", "\\|");
}

/** Text of several lines as a block of code. */
export function codeBlock(text: string): string {
  const shown = text
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map(visible)
    .join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}text\n${shown}\n${fence}`;
}

function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
