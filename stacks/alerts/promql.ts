import { parser } from "@prometheus-io/lezer-promql";
import { kindOf } from "./promql-kinds.ts";

/**
 * What is wrong with an expression, and where; undefined if nothing is.
 *
 * Reads it as Prometheus 2.42 does: its grammar, and which functions and operators take what. An alert's expression is
 * series or a number, which Prometheus itself finds out only when it evaluates it.
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
    const kind = kindOf(whole, expression);
    if (kind === "range") return "it is a range, which has no value at a moment";
    if (kind === "text") return "it is a text, which has no value";
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
