/** A piece of a filter, and where it begins. */
export interface Token {
  readonly kind: "word" | "string" | "number" | "symbol" | "end";
  /** What is written; of a string, what is between the quotes. */
  readonly text: string;
  /** Characters before it. */
  readonly offset: number;
}

const forms: readonly (readonly [Token["kind"], RegExp])[] = [
  ["string", /"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)'/y],
  ["number", /-?\d+(?:\.\d+)?(?![A-Za-z0-9_])/y],
  ["word", /[A-Za-z0-9_$][A-Za-z0-9_${}/-]*/y],
  ["symbol", /=~|!=|>=|<=|[^\s]/y],
];

/** Cuts a filter into its tokens; the last one is the end. */
export function tokensOf(filter: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  for (;;) {
    offset += /^\s*/.exec(filter.slice(offset))![0].length;
    if (offset === filter.length) return [...tokens, { kind: "end", text: "", offset }];
    for (const [kind, form] of forms) {
      form.lastIndex = offset;
      const match = form.exec(filter);
      if (!match) continue;
      const text =
        kind === "string" ? (match[1] ?? match[2] ?? "").replace(/\\([^])/g, "$1") : match[0];
      tokens.push({ kind, text, offset });
      offset = form.lastIndex;
      break;
    }
  }
}
