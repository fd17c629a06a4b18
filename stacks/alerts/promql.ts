import { parser } from "@prometheus-io/lezer-promql";

/** A part of an expression; text and position come with it. */
type Node = ReturnType<typeof parser.parse>["topNode"];

/** What an expression's part is: a number, one value per series, or all values of a while per series. */
type Kind = "number" | "values" | "range";

/** Functions that look at a while; every other one takes values of a moment. */
const OF_RANGES =
  /^(rate|irate|increase|delta|idelta|deriv|changes|resets|predict_linear|\w+_over_time)$/;

/** Where ranges stand among the arguments of these; of the others they come first. */
const RANGE_AT: Readonly<Record<string, number>> = { quantile_over_time: 1 };

/** Functions of numbers that are one themselves. */
const NUMBERS = ["time", "pi", "scalar"];

/**
 * What is wrong with an expression, and where; undefined if nothing is.
 *
 * Reads it as Prometheus does: its grammar, and which functions take ranges (`[5m]`).
 */
export function promqlProblem(expression: string): string | undefined {
  const { topNode } = parser.parse(expression);
  let wrong: string | undefined;
  topNode.cursor().iterate(({ type, from, to }) => {
    if (!type.isError || wrong !== undefined) return;
    const text = expression.slice(from, Math.max(to, from + 1)).trim();
    wrong = `${text ? JSON.stringify(text) : "the end"} at character ${from + 1} is none`;
  });
  if (wrong !== undefined) return wrong;
  const whole = topNode.firstChild;
  if (!whole) return "it is empty";
  try {
    if (kindOf(whole, expression) === "range")
      return "it is a range, which has no value at a moment";
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Names of the metrics that an expression reads; an empty one where a selector has no name. */
export function metricsIn(expression: string): string[] {
  const names = new Set<string>();
  parser
    .parse(expression)
    .topNode.cursor()
    .iterate(({ name, node }) => {
      if (name !== "VectorSelector") return;
      const identifier = node.getChild("Identifier");
      names.add(identifier ? expression.slice(identifier.from, identifier.to) : "");
    });
  return [...names];
}

/** @throws Error about a function that is given a range where it takes none, or none where it takes one. */
function kindOf(node: Node, text: string): Kind {
  switch (node.name) {
    case "NumberDurationLiteral":
      return "number";
    case "VectorSelector":
      return "values";
    case "MatrixSelector":
    case "SubqueryExpr":
      return "range";
    case "FunctionCall":
      return called(node, text);
    case "AggregateExpr":
      for (const argument of argumentsOf(node)) requireValues(argument, text);
      return "values";
    case "BinaryExpr": {
      const kinds = [node.firstChild!, node.lastChild!].map((side) => requireValues(side, text));
      return kinds.every((kind) => kind === "number") ? "number" : "values";
    }
    default: {
      // Parentheses, signs, offsets: what is in them.
      const inner = node.firstChild;
      return inner ? kindOf(inner.name === "UnaryOp" ? node.lastChild! : inner, text) : "values";
    }
  }
}

function called(node: Node, text: string): Kind {
  const name = textOf(node.getChild("FunctionIdentifier")!, text);
  const takesRange = OF_RANGES.test(name);
  for (const [index, argument] of argumentsOf(node).entries()) {
    if (takesRange && index === (RANGE_AT[name] ?? 0)) {
      if (kindOf(argument, text) === "range") continue;
      throw new Error(`${name} takes a range such as [5m], ${at(argument, text)} is none`);
    }
    requireValues(argument, text);
  }
  return NUMBERS.includes(name) ? "number" : "values";
}

function requireValues(node: Node, text: string): Kind {
  const kind = kindOf(node, text);
  if (kind === "range") throw new Error(`${at(node, text)} is a range, where a value is due`);
  return kind;
}

function argumentsOf(node: Node): Node[] {
  const found: Node[] = [];
  for (let one = node.getChild("FunctionCallBody")?.firstChild; one; one = one.nextSibling) {
    // A label, as of label_replace, is no value.
    if (one.name !== "StringLiteral") found.push(one);
  }
  return found;
}

function at(node: Node, text: string): string {
  return `${textOf(node, text)} at character ${node.from + 1}`;
}

function textOf({ from, to }: Node, text: string): string {
  return text.slice(from, to);
}
