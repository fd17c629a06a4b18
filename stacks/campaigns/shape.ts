import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { valueAt, type Mistake, type Path } from "./mistake.ts";
import { fileSchema, type SchemaNode } from "./schema.ts";

/** What of `value` breaks the schema, the rules in CEL left aside; a missing or unknown field is a mistake of its own. */
export function shapeMistakes(schema: SchemaNode, value: unknown): Mistake[] {
  const matches = compiled(schema);
  if (matches(value)) return [];
  return matches.errors!.map((error) => mistake(error, value));
}

const known = new WeakMap<SchemaNode, ValidateFunction>();

function compiled(schema: SchemaNode): ValidateFunction {
  const before = known.get(schema);
  if (before) return before;
  const made = new Ajv({ allErrors: true, verbose: true, formats: { int64: true } }).compile(
    fileSchema(schema),
  );
  known.set(schema, made);
  return made;
}

function mistake(error: ErrorObject, value: unknown): Mistake {
  const path = pathOf(error.instancePath, value);
  const at = (rule: string, field: Path = path, schema = error.parentSchema): Mistake => {
    const { description } = (schema ?? {}) as { description?: string };
    const remedy = description ? `; it is ${description}` : "";
    return { path: field, rule: `must ${rule}${remedy}`, value: valueAt(value, field) };
  };
  const parameters = error.params as Record<string, unknown>;
  const properties = error.parentSchema?.properties as Record<string, object> | undefined;
  switch (error.keyword) {
    case "required": {
      const field = String(parameters.missingProperty);
      return at("be given", [...path, field], properties?.[field]);
    }
    case "additionalProperties": {
      const field = [...path, String(parameters.additionalProperty)];
      return at(`be one of the fields ${Object.keys(properties ?? {}).join(", ")}`, field, {});
    }
    case "enum":
      return at(`be one of ${(parameters.allowedValues as string[]).join(", ")}`);
    case "pattern":
      return at("have the right form");
    default:
      return at(error.message!.replace(/^must /, "").replace("NOT", "not"));
  }
}

/** Ajv points with JSON pointers, in which indexes are texts. */
function pathOf(pointer: string, value: unknown): Path {
  const path: (string | number)[] = [];
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(valueAt(value, path)) ? Number(key) : key);
  }
  return path;
}
