/** Where a value is in a file: keys and indexes from the top. */
export type Path = readonly (string | number)[];

/** What is wrong with one value. */
export interface Mistake {
  readonly path: Path;
  /** `must …`, perhaps with `; <remedy>`. */
  readonly rule: string;
  /** The value as it is; undefined if there is none. */
  readonly value: unknown;
}

/** A mistake as `<field> must <rule>, got <value>; <remedy>`. */
export function mistakeText({ path, rule, value }: Mistake): string {
  const [must, ...remedy] = rule.split("; ");
  const got = abridged(JSON.stringify(value) ?? "nothing");
  return [`${fieldName(path)} ${must}, got ${got}`, ...remedy].join("; ");
}

/** `journey.steps[2].send`, as in the API server's messages. */
export function fieldName(path: Path): string {
  if (path.length === 0) return "the campaign";
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
}

/** The value at a path; undefined if there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, key) => {
    return typeof found === "object" && found !== null
      ? (found as Record<string | number, unknown>)[key]
      : undefined;
  }, value);
}

function abridged(json: string): string {
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}
