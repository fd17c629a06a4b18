import type { parser } from "@prometheus-io/lezer-promql";
import { aggregations, signatureOf, type Kind } from "./promql-functions.ts";

/** A part of an expression. */
export type Node = ReturnType<typeof parser.parse>["topNode"];

const SHOWN: Readonly<Record<Kind, string>> = {
  number: "a number",
  series: "series",
  range: "a range",
  text: "a text",
};

const SETS = ["And", "Or", "Unless"];

const COMPARISONS = ["EqlC", "Eql", "Neq", "Gtr", "Gte", "Lss", "Lte"];

const NUMBER = /^[+-]?(0x[0-9a-f]+|(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf|nan)$/i;

const DURATION = /^(?=.)(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/;

/**
 * What an expression is that the grammar can read.
 *
 * @throws Error about the first part that Prometheus 2.42 would refuse.
 */
export function kindOf(node: Node, text: string): Kind {
  switch (node.name) {
    case "NumberDurationLiteral":
      if (!NUMBER.test(textOf(node, text))) {
        throw new Error(`${at(node, text)} is a duration, where a number is due`);
      }
      return "number";
    case "StringLiteral":
      requireEscapes(node, text);
      return "text";
    case "VectorSelector":
      requireMatchers(node, text);
      return "series";
    case "MatrixSelector":
      if (node.firstChild!.name !== "VectorSelector") {
        throw new Error(`${at(node.firstChild!, text)} takes no range, only a metric does`);
      }
      kindOf(node.firstChild!, text);
      requireDurations(node, text);
      return "range";
    case "SubqueryExpr":
      require(node.firstChild!, ["series"], text);
      requireDurations(node, text);
      return "range";
    case "ParenExpr":
      return kindOf(node.firstChild!, text);
    case "UnaryExpr":
      return require(node.lastChild!, ["number", "series"], text);
    case "OffsetExpr":
    case "StepInvariantExpr":
      return shifted(node, text);
    case "BinaryExpr":
      return combined(node, text);
    case "FunctionCall":
      return called(node, text);
    case "AggregateExpr":
      return aggregated(node, text);
    default:
      throw new Error(`${at(node, text)} is not known to Prometheus 2.42`);
  }
}

/** An offset or a moment. The grammar hangs that of the last operand on all of them. */
function shifted(node: Node, text: string): Kind {
  const whole = node.firstChild!;
  let target = whole;
  while (["BinaryExpr", "UnaryExpr"].includes(target.name)) target = target.lastChild!;
  const isShiftable = [
    "VectorSelector",
    "MatrixSelector",
    "SubqueryExpr",
    "OffsetExpr",
    "StepInvariantExpr",
  ].includes(target.name);
  if (!isShiftable) {
    throw new Error(
      `${at(target, text)} takes no offset, only a metric, a range or a subquery does`,
    );
  }
  requireDurations(node, text);
  return kindOf(whole, text);
}

function combined(node: Node, text: string): Kind {
  const [left, right] = [node.firstChild!, node.lastChild!];
  const kinds = [left, right].map((side) => require(side, ["number", "series"], text));
  const has = (names: readonly string[]): boolean => names.some((name) => node.getChild(name));
  const isNumber = kinds.every((kind) => kind === "number");
  const bool = node.getChild("BoolModifier");
  if (bool && !has(COMPARISONS)) {
    throw new Error(`${at(bool, text)} is for comparisons only`);
  }
  if (has(SETS)) {
    for (const side of [left, right]) require(side, ["series"], text);
  }
  if (isNumber && has(COMPARISONS) && !bool) {
    throw new Error(`${at(node, text)} compares numbers, which takes bool`);
  }
  const matching = node.getChild("MatchingModifierClause");
  if (matching) {
    for (const side of [left, right]) require(side, ["series"], text);
    requireMatching(matching, has(SETS), text);
  }
  return isNumber ? "number" : "series";
}

function requireMatching(matching: Node, isSet: boolean, text: string): void {
  const group = matching.getChild("GroupLeft") ?? matching.getChild("GroupRight");
  if (!group) return;
  if (isSet) throw new Error(`${at(group, text)} is not for and, or and unless`);
  if (!matching.getChild("On")) return;
  const [on, include] = matching
    .getChildren("GroupingLabels")
    .map((labels) => labelsIn(labels, text));
  const twice = include?.find((label) => on!.includes(label));
  if (twice !== undefined) {
    throw new Error(`${at(matching, text)} names ${twice} twice, to match by and to take over`);
  }
}

function labelsIn(labels: Node, text: string): string[] {
  return labels.getChildren("LabelName").map((label) => textOf(label, text));
}

function called(node: Node, text: string): Kind {
  const name = textOf(node.getChild("FunctionIdentifier")!, text);
  const signature = signatureOf(name);
  if (!signature) throw new Error(`${at(node, text)} calls no function of Prometheus 2.42`);
  const { takes, optional, isOpen, gives } = signature;
  const given = argumentsOf(node);
  const most = isOpen ? Infinity : takes.length;
  if (given.length < takes.length - optional || given.length > most) {
    throw new Error(`${name} takes ${takes.length} arguments, got ${given.length}`);
  }
  for (const [index, argument] of given.entries()) {
    const due = takes[Math.min(index, takes.length - 1)]!;
    if (due === "range" && kindOf(argument, text) !== "range") {
      throw new Error(`${name} takes a range such as [5m], ${at(argument, text)} is none`);
    }
    require(argument, [due], text);
  }
  return gives;
}

function aggregated(node: Node, text: string): Kind {
  const name = textOf(node.getChild("AggregateOp")!, text).toLowerCase();
  const before = aggregations.get(name);
  if (!before) throw new Error(`${at(node, text)} calls no aggregation of Prometheus 2.42`);
  const takes: readonly Kind[] = [...before, "series"];
  const given = argumentsOf(node);
  if (given.length !== takes.length) {
    throw new Error(`${name} takes ${takes.length} arguments, got ${given.length}`);
  }
  for (const [index, argument] of given.entries()) require(argument, [takes[index]!], text);
  return "series";
}

function require(node: Node, due: readonly Kind[], text: string): Kind {
  const kind = kindOf(node, text);
  if (due.includes(kind)) return kind;
  const wanted = due.length > 1 ? "a value" : SHOWN[due[0]!];
  throw new Error(
    `${at(node, text)} is ${SHOWN[kind]}, where ${wanted} ${wanted === "series" ? "are" : "is"} due`,
  );
}

/** A selector has to select by something: its name, or a matcher that does not match what is not there. */
function requireMatchers(node: Node, text: string): void {
  const matchers = node.getChild("LabelMatchers");
  const quoted = matchers?.getChild("QuotedLabelName") ?? matchers?.getChild("QuotedLabelMatcher");
  if (quoted) throw new Error(`${at(quoted, text)} is a quoted name, not known to Prometheus 2.42`);
  let selects = node.getChild("Identifier") !== null;
  for (const matcher of matchers?.getChildren("UnquotedLabelMatcher") ?? []) {
    const value = matcher.getChild("StringLiteral")!;
    requireEscapes(value, text);
    const operator = textOf(matcher.getChild("MatchOp")!, text);
    const content = textOf(value, text).slice(1, -1);
    const isPattern = operator.includes("~");
    const matchesNothing = isPattern ? pattern(value, content, text).test("") : content === "";
    if (matchesNothing === operator.startsWith("!")) selects = true;
    const label = textOf(matcher.getChild("LabelName")!, text);
    if (label === "__name__" && node.getChild("Identifier")) {
      throw new Error(`${at(matcher, text)} names the metric a second time`);
    }
  }
  if (!selects) throw new Error(`${at(node, text)} selects everything; name a metric`);
}

function pattern(node: Node, content: string, text: string): RegExp {
  try {
    // What Go knows and this does not: flags before the rest, and names of groups with a P.
    return new RegExp(`^(?:${content.replace(/^\(\?[ims]+\)/, "").replaceAll("(?P<", "(?<")})$`);
  } catch {
    throw new Error(`${at(node, text)} is no regular expression`);
  }
}

function requireEscapes(node: Node, text: string): void {
  const content = textOf(node, text);
  if (content.startsWith("`")) return;
  for (const [escape] of content.slice(1, -1).matchAll(/\\./g)) {
    if (/^\\[abfnrtv\\0-7xuU]$/.test(escape) || escape === `\\${content[0]}`) continue;
    throw new Error(`${escape} in ${at(node, text)} means nothing`);
  }
}

function requireDurations(node: Node, text: string): void {
  for (const duration of [
    ...node.getChildren("DurationExpr"),
    ...node.getChildren("OffsetDurationExpr"),
  ]) {
    const content = textOf(duration, text).trim();
    const isOffset = duration.name === "OffsetDurationExpr";
    const length = isOffset ? content.replace(/^-\s*/, "") : content;
    if (!DURATION.test(length) || (!isOffset && !/[1-9]/.test(length))) {
      throw new Error(`${at(duration, text)} must be a duration such as 5m`);
    }
  }
}

function argumentsOf(node: Node): Node[] {
  const found: Node[] = [];
  for (let one = node.getChild("FunctionCallBody")?.firstChild; one; one = one.nextSibling) {
    found.push(one);
  }
  return found;
}

function at(node: Node, text: string): string {
  return `${textOf(node, text)} at character ${node.from + 1}`;
}

function textOf({ from, to }: Node, text: string): string {
  return text.slice(from, to);
}
