import { tokensOf, type Token } from "./tokens.ts";

/** A function and its arguments, e.g. `starts_with("a")`. */
export interface Call {
  readonly name: string;
  readonly arguments: readonly string[];
}

/** A condition on one field. */
export interface Comparison {
  readonly kind: "comparison";
  /** Segments of the field's path, as written. */
  readonly path: readonly string[];
  readonly operator: "=" | "!=" | ">" | "<" | ">=" | "<=" | ":";
  readonly value: string | Call;
}

/** A filter, parsed. */
export type Filter =
  | Comparison
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "and" | "or"; readonly terms: readonly Filter[] }
  | { readonly kind: "not"; readonly term: Filter };

/** A text that is no filter; the message is the API's. */
export class FilterSyntaxError extends Error {
  constructor(filter: string, token: Token) {
    const before = filter.slice(0, token.offset).split("\n");
    const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
    super(
      `Could not parse filter ${JSON.stringify(filter)}; syntax error at ${place}, token '${token.text}'`,
    );
  }
}

const operators: readonly string[] = ["=", "!=", ">", "<", ">=", "<=", ":"];

/**
 * Parses a filter of Cloud Monitoring: of time series in a condition, or of what a list call returns.
 *
 * Terms side by side are joined by AND, which binds less tightly than OR, as in all of Google's filters.
 *
 * @throws FilterSyntaxError at the first token that does not fit.
 */
export function parseFilter(text: string): Filter {
  const tokens = tokensOf(text);
  let next = 0;

  const peek = (): Token => tokens[next]!;
  const is = (symbol: string): boolean => peek().kind !== "string" && peek().text === symbol;
  const fail = (): never => {
    throw new FilterSyntaxError(text, peek());
  };
  const take = (): Token => (peek().kind === "end" ? fail() : tokens[next++]!);
  const expect = (symbol: string): void => {
    if (!is(symbol)) fail();
    next++;
  };

  function conjunction(): Filter {
    const terms = [disjunction()];
    while (peek().kind !== "end" && !is(")")) {
      if (is("AND")) next++;
      terms.push(disjunction());
    }
    return terms.length === 1 ? terms[0]! : { kind: "and", terms };
  }

  function disjunction(): Filter {
    const terms = [term()];
    while (is("OR")) {
      next++;
      terms.push(term());
    }
    return terms.length === 1 ? terms[0]! : { kind: "or", terms };
  }

  function term(): Filter {
    if (is("NOT") || is("-")) {
      next++;
      return { kind: "not", term: term() };
    }
    if (is("(")) {
      next++;
      const inner = conjunction();
      expect(")");
      return inner;
    }
    const path = fieldPath();
    if (is("("))
      return { kind: "call", call: { name: path.join("."), arguments: callArguments() } };
    if (peek().kind !== "symbol" || !operators.includes(peek().text)) fail();
    const operator = take().text as Comparison["operator"];
    return { kind: "comparison", path, operator, value: value() };
  }

  function fieldPath(): string[] {
    if (peek().kind !== "word") fail();
    const path = [take().text];
    while (is(".")) {
      next++;
      if (peek().kind === "symbol") fail();
      path.push(take().text);
    }
    return path;
  }

  function value(): string | Call {
    if (peek().kind === "string" || peek().kind === "number") return take().text;
    const path = fieldPath();
    return is("(") ? { name: path.join("."), arguments: callArguments() } : path.join(".");
  }

  function callArguments(): string[] {
    expect("(");
    const found: string[] = [];
    while (!is(")")) {
      if (found.length > 0) expect(",");
      if (peek().kind === "symbol") fail();
      found.push(take().text);
    }
    next++;
    return found;
  }

  const filter = conjunction();
  if (peek().kind !== "end") fail();
  return filter;
}
