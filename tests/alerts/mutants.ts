import { parser } from "@prometheus-io/lezer-promql";

/** An expression with one mistake in it. */
export interface Mutant {
  /** What was written in place of what, and where: `0.5 at 32 → 1.5`; each of an expression differs. */
  readonly change: string;
  readonly expr: string;
}

type Node = ReturnType<typeof parser.parse>["topNode"];

/** Another text in the place of some that are alike. */
interface Slip {
  readonly places: readonly Place[];
  readonly text: string;
}

type Place = Pick<Node, "from" | "to">;

const FLIPPED: Readonly<Record<string, string>> = {
  Gtr: "<",
  Gte: "<",
  Lss: ">",
  Lte: ">",
  EqlC: "!=",
  Neq: "==",
};

const SETS = ["And", "Or", "Unless"];

/**
 * The ways in which an expression is written with one mistake, from its tree: a number half or twice as large (thresholds,
 * factors of burn rates), a comparison the other way round, one side of a set operator only, an offset left out or half or
 * twice as long, a matcher of labels left out, the window of one comparison half or twice as long.
 *
 * @throws Error if the grammar of Prometheus cannot read it.
 */
export function mutantsOf(expression: string): Mutant[] {
  const slips: Slip[] = [];
  const windows = new Map<string, Place[]>();
  parser
    .parse(expression)
    .topNode.cursor()
    .iterate(({ node }) => {
      if (node.type.isError) throw new Error(`no PromQL at character ${node.from + 1}`);
      if (node.name === "NumberDurationLiteralInDurationContext" && !isOffset(node)) {
        const key = `${comparisonOf(node)?.from} ${textOf(node, expression)}`;
        windows.set(key, [...(windows.get(key) ?? []), node]);
      } else slips.push(...slipsOf(node, expression));
    });
  for (const places of windows.values()) {
    for (const text of lengths(textOf(places[0]!, expression))) slips.push({ places, text });
  }
  return slips.map(({ places, text }) => {
    const [first] = places;
    const what = shown(textOf(first!, expression));
    return {
      change: `${what} at ${first!.from + 1} → ${shown(text)}`,
      expr: places.reduceRight(
        (changed, { from, to }) => changed.slice(0, from) + text + changed.slice(to),
        expression,
      ),
    };
  });
}

function slipsOf(node: Node, expression: string): Slip[] {
  const text = textOf(node, expression);
  const to = (...texts: string[]): Slip[] => texts.map((one) => ({ places: [node], text: one }));
  if (node.name in FLIPPED && node.parent!.name === "BinaryExpr") return to(FLIPPED[node.name]!);
  switch (node.name) {
    case "BinaryExpr": {
      if (!SETS.some((operator) => node.getChild(operator))) return [];
      // The grammar hangs the offset of the last operand on all of them.
      const whole = node.parent!.name === "OffsetExpr" ? node.parent! : node;
      const left = expression.slice(node.from, node.firstChild!.to);
      const right = expression.slice(node.lastChild!.from, whole.to);
      return [left, right].map((side) => ({ places: [whole], text: `(${side})` }));
    }
    case "NumberDurationLiteral":
      return to(...scaled(Number(text)).map(String));
    case "NumberDurationLiteralInDurationContext":
      return to(...lengths(text));
    case "OffsetExpr":
      return to(expression.slice(node.from, node.firstChild!.to));
    case "UnquotedLabelMatcher": {
      const matchers = node.parent!;
      const kept = matchers.getChildren(node.name).filter(({ from }) => from !== node.from);
      const rest = kept.map((one) => textOf(one, expression)).join(", ");
      return [{ places: [matchers], text: `{${rest}}` }];
    }
    default:
      return [];
  }
}

/** Half of a number, and twice it; a count and a half, as the thresholds of counts are, stays one. */
function scaled(number: number): number[] {
  const count = number - 0.5;
  if (Number.isInteger(count)) return [Math.ceil(count / 2) - 0.5, 2 * count + 1.5];
  return number === 0 ? [-1, 1] : [number / 2, number * 2];
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Half of a duration, and twice it. */
function lengths(duration: string): string[] {
  const match = /^(\d+)([smhdw])$/.exec(duration);
  if (!match) throw new Error(`a duration must be such as 5m, got ${JSON.stringify(duration)}`);
  const seconds = Number(match[1]) * UNITS[match[2] as string]!;
  return [0.5, 2].map((factor) => `${seconds * factor}s`);
}

function isOffset(node: Node): boolean {
  return node.parent!.name === "OffsetDurationExpr";
}

/** The comparison that a node is part of. */
function comparisonOf(node: Node): Node | undefined {
  for (let one = node.parent; one; one = one.parent) {
    if (Object.keys(FLIPPED).some((operator) => one.getChild(operator))) return one;
  }
  return undefined;
}

function textOf({ from, to }: Place, expression: string): string {
  return expression.slice(from, to);
}

function shown(text: string): string {
  return text.replace(/\s+/g, " ");
}
