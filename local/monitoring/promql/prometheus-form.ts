/** A string, with what makes it a name if it stands in a selector; a comment; an operator; anything else. */
const piece =
  /("(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|`[^`]*`)(\s*(?:=~|!~|!=|=|,|\})?)|#[^\n]*|[=!<>]=|=~|[^]/g;

/** Labels of an aggregation or of a match between vectors, where one of them is quoted. */
const grouping = /\b(by|without|on|ignoring|group_left|group_right)(\s*)\(([^()]*["'][^()]*)\)/g;

/**
 * The query as Prometheus 2 writes it, where Cloud Monitoring takes more.
 *
 * A quoted metric name becomes `__name__="…"`, a quoted label name an identifier, and a lone `=` between
 * two vectors `==`: Google's published policies have all three.
 */
export function prometheusForm(query: string): string {
  let braces = 0;
  const plain = query.replace(grouping, (_, word: string, space: string, labels: string) => {
    return `${word}${space}(${labels.replace(/(["'])(.*?)\1/g, (_quoted, _mark, name: string) => identifier(name))})`;
  });
  return plain.replace(piece, (text, quoted: string | undefined, after: string, offset: number) => {
    if (quoted === undefined) {
      if (text === "{") braces++;
      if (text === "}") braces--;
      return text === "=" && braces === 0 ? "==" : text;
    }
    const inSelector = braces > 0;
    if (after.trim() === "}") braces--;
    const before = plain.slice(0, offset).trimEnd().at(-1);
    if (!inSelector || (before !== "{" && before !== ",")) return text;
    const isLabel = /^\s*(=~|!~|!=|=)$/.test(after);
    return isLabel ? identifier(quoted.slice(1, -1)) + after : `__name__=${quoted}${after}`;
  });
}

function identifier(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, "_");
}
