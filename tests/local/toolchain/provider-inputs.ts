/** What an input may be: one of the kinds by name, a collection of a kind, or an object with named inputs. */
export type Kind =
  | "string"
  | "number"
  | "boolean"
  | "any"
  | "asset"
  | readonly ["array" | "map", Kind]
  | PropertyTree;

/** The inputs of a resource or of a nested object: name → kind. */
export interface PropertyTree {
  readonly [name: string]: Kind;
}

/** Keys with which the Pulumi SDK marks a value that is more than plain data; the value of a secret lies beside it. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSETS = ["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"];

/**
 * The inputs that a plugin with these properties would refuse or drop, as `path must …, got …`; empty if all are good.
 *
 * @param inputs what a program passes to one resource, as mocks see it
 */
export function wrongInputs(inputs: unknown, tree: PropertyTree, path: string): string[] {
  return wrongValue(inputs, tree, path);
}

function wrongValue(value: unknown, kind: Kind, path: string): string[] {
  const plain = unwrapped(value);
  if (plain === undefined || plain === null || kind === "any") return [];
  const wrong = (rule: string): string[] => [
    `${path} must be ${rule}, got ${JSON.stringify(plain)}`,
  ];
  if (kind === "asset") return isAsset(plain) ? [] : wrong("an asset");
  if (typeof kind === "string") return typeof plain === kind ? [] : wrong(`a ${kind}`);
  if (isCollection(kind)) return wrongCollection(plain, kind, path, wrong);
  if (!isRecord(plain)) return wrong("an object");
  return Object.entries(plain).flatMap(([name, inner]) =>
    Object.hasOwn(kind, name)
      ? wrongValue(inner, kind[name]!, `${path}.${name}`)
      : [`${path}.${name} must be an input that the plugin knows, got ${JSON.stringify(inner)}`],
  );
}

function wrongCollection(
  value: unknown,
  [collection, element]: readonly ["array" | "map", Kind],
  path: string,
  wrong: (rule: string) => string[],
): string[] {
  if (collection === "array") {
    if (!Array.isArray(value)) return wrong("an array");
    return value.flatMap((item, index) => wrongValue(item, element, `${path}[${index}]`));
  }
  if (!isRecord(value)) return wrong("a map");
  return Object.entries(value).flatMap(([key, item]) =>
    wrongValue(item, element, `${path}[${JSON.stringify(key)}]`),
  );
}

function isCollection(kind: Kind): kind is readonly ["array" | "map", Kind] {
  return Array.isArray(kind);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAsset(value: unknown): boolean {
  return isRecord(value) && ASSETS.includes(value[SIGNATURE] as string);
}

function unwrapped(value: unknown): unknown {
  return isRecord(value) && value[SIGNATURE] === SECRET ? value.value : value;
}

/**
 * Where `ours` takes an input that `theirs` does not know, or one of another kind; empty if every program that our
 * build accepts means the same to the published one.
 */
export function kindDifferences(ours: Kind, theirs: Kind, path: string): string[] {
  if (ours === "any" || theirs === "any" || ours === theirs) return [];
  const differ = [`${path} must be of the published kind ${name(theirs)}, got ${name(ours)}`];
  if (typeof ours === "string" || typeof theirs === "string") return differ;
  if (isCollection(ours) || isCollection(theirs)) {
    if (!isCollection(ours) || !isCollection(theirs) || ours[0] !== theirs[0]) return differ;
    return kindDifferences(ours[1], theirs[1], `${path}[]`);
  }
  return Object.entries(ours).flatMap(([input, kind]) =>
    Object.hasOwn(theirs, input)
      ? kindDifferences(kind, theirs[input]!, `${path}.${input}`)
      : [`${path}.${input} must be an input of the published plugin, got none`],
  );
}

function name(kind: Kind): string {
  if (typeof kind === "string") return kind;
  return isCollection(kind) ? `${kind[0]} of ${name(kind[1])}` : "object";
}
