import { Environment } from "@marcbachmann/cel-js";
import { valueAt, type Mistake, type Path } from "./mistake.ts";
import type { Rule, SchemaNode } from "./schema.ts";

/**
 * What of `value` breaks the schema's rules in CEL, and its lists without repetition.
 *
 * @param broken paths whose values break the schema otherwise: what holds one is not judged by rules, as in the API server.
 */
export function ruleMistakes(
  schema: SchemaNode,
  value: unknown,
  broken: readonly Path[],
): Mistake[] {
  return [...below(schema, value, [], broken)];
}

function* below(
  schema: SchemaNode,
  value: unknown,
  path: Path,
  broken: readonly Path[],
): Generator<Mistake> {
  if (value === undefined) return;
  if (!broken.some((other) => isWithin(other, path))) yield* own(schema, value, path);
  const { properties, additionalProperties, items } = schema;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (items) yield* below(items, item, [...path, index], broken);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const node = properties?.[key] ?? additionalProperties;
      if (node) yield* below(node, item, [...path, key], broken);
    }
  }
}

/** Whether `path` is `outer` or leads through it. */
function isWithin(path: Path, outer: Path): boolean {
  return outer.every((key, index) => path[index] === key);
}

function* own(schema: SchemaNode, value: unknown, path: Path): Generator<Mistake> {
  for (const index of repetitions(schema, value)) {
    const item = (value as unknown[])[index];
    yield { path: [...path, index], rule: "must not be in the list twice", value: item };
  }
  const rules = schema["x-kubernetes-validations"] ?? [];
  if (rules.length === 0) return;
  const self = typed(schema, value);
  for (const rule of rules) {
    if (holds(rule, self)) continue;
    const field = [...path, ...(rule.fieldPath?.split(".").slice(1) ?? [])];
    const found = valueAt(value, field.slice(path.length));
    yield { path: field, rule: rule.message, value: found };
  }
}

/** Where a list without repetition repeats an item, or the keys of one. */
function repetitions(schema: SchemaNode, value: unknown): number[] {
  const kind = schema["x-kubernetes-list-type"];
  if (!Array.isArray(value) || (kind !== "set" && kind !== "map")) return [];
  const keys = schema["x-kubernetes-list-map-keys"];
  const ids = (value as Record<string, unknown>[]).map((item) =>
    keys ? keys.map((key) => item[key]).join(" ") : item,
  );
  return [...ids.keys()].filter((index) => ids.indexOf(ids[index]!) !== index);
}

/** An error while a rule is evaluated breaks the rule, as in the API server. */
function holds({ rule }: Rule, self: unknown): boolean {
  try {
    return evaluator(rule)({ self }) === true;
  } catch {
    return false;
  }
}

/** CEL with what Kubernetes adds for lists. */
const cel = new Environment()
  .registerVariable("self", "dyn")
  .registerFunction("list.sum(): int", (list: bigint[]) => list.reduce((a, b) => a + b, 0n))
  .registerFunction("list.isSorted(): bool", (list: bigint[]) =>
    list.every((item, index) => index === 0 || list[index - 1]! <= item),
  );

const parsed = new Map<string, ReturnType<typeof cel.parse>>();

function evaluator(rule: string): ReturnType<typeof cel.parse> {
  const known = parsed.get(rule) ?? cel.parse(rule);
  parsed.set(rule, known);
  return known;
}

/** CEL tells whole numbers from others by the schema. */
function typed(schema: SchemaNode, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => typed(schema.items!, item));
  if (typeof value === "object" && value !== null) {
    const { properties, additionalProperties } = schema;
    // A map may have a key called as what every object has.
    if (additionalProperties) {
      return new Map(
        Object.entries(value).map(([key, item]) => [key, typed(additionalProperties, item)]),
      );
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, typed(properties![key]!, item)]),
    );
  }
  return schema.type === "integer" ? BigInt(value as number) : value;
}
