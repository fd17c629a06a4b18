import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { Kind, PropertyTree } from "./provider-inputs.ts";

/** The declarations of one npm package. */
interface Declarations {
  /** Type token → its `.d.ts`. */
  readonly files: ReadonlyMap<string, string>;
  /** Nested inputs by their name in the package. */
  readonly nested: ReadonlyMap<string, ts.InterfaceDeclaration>;
  /** Type token → inputs, of those that were asked for. */
  readonly trees: Map<string, PropertyTree>;
}

/** Read once: the declarations of @pulumi/gcp are 6 MB. */
const packages = new Map<string, Declarations>();

/**
 * The inputs that the npm package `@pulumi/<name>` declares in its types, for the resources with these type tokens and
 * for `pulumi:providers:<name>`.
 *
 * @throws Error naming a token that the package does not have.
 */
export function npmInputs(name: string, tokens: readonly string[]): Map<string, PropertyTree> {
  const declarations = packages.get(name) ?? readPackage(name);
  packages.set(name, declarations);
  const { files, nested, trees } = declarations;
  for (const token of tokens.filter((token) => !trees.has(token))) {
    const file = files.get(token);
    if (!file) throw new Error(`@pulumi/${name} must have the resource ${token}, got none`);
    const isProvider = token.startsWith("pulumi:providers:");
    const args = isProvider ? "ProviderArgs" : `${token.split(":").pop()}Args`;
    trees.set(token, treeOf(interfacesOf(parse(file)).get(args)!, nested));
  }
  return trees;
}

function readPackage(name: string): Declarations {
  const root = dirname(require.resolve(`@pulumi/${name}/package.json`));
  const nested = interfacesOf(parse(join(root, "types/input.d.ts")));
  return { files: declarationFiles(root), nested, trees: new Map() };
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}

/** Type token → its `.d.ts`, by the static `__pulumiType` of the compiled class. */
function declarationFiles(root: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!entry.endsWith(".js") || entry.includes("node_modules")) continue;
    const code = readFileSync(join(root, entry), "utf8");
    const type = /__pulumiType = '([^']+)'/.exec(code)?.[1];
    const token = entry === "provider.js" ? `pulumi:providers:${type}` : type;
    if (token) files.set(token, join(root, entry.replace(/\.js$/, ".d.ts")));
  }
  return files;
}

/** Every interface of a file by its name, `container.ClusterAddonsConfig` if it lies in a namespace. */
function interfacesOf(file: ts.SourceFile): Map<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const collect = (node: ts.Node, namespaces: string[]): void =>
    node.forEachChild((child) => {
      if (ts.isModuleDeclaration(child)) collect(child.body!, [...namespaces, child.name.text]);
      else if (ts.isModuleBlock(child)) collect(child, namespaces);
      else if (ts.isInterfaceDeclaration(child)) {
        found.set([...namespaces, child.name.text].join("."), child);
      }
    });
  collect(file, []);
  return found;
}

function treeOf(
  declaration: ts.InterfaceDeclaration,
  nested: ReadonlyMap<string, ts.InterfaceDeclaration>,
): PropertyTree {
  const entries = declaration.members
    .filter(ts.isPropertySignature)
    .map((member) => [member.name.getText(), kindOf(member.type!, nested)] as const);
  return Object.fromEntries(entries);
}

/** The kind of a declared type; an alternative that is `undefined`, an input's wrapper or a resource says nothing. */
function kindOf(type: ts.TypeNode, nested: ReadonlyMap<string, ts.InterfaceDeclaration>): Kind {
  if (ts.isUnionTypeNode(type)) {
    const said = type.types.filter((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword);
    return said.map((part) => kindOf(part, nested)).find((kind) => kind !== "any") ?? "any";
  }
  if (ts.isParenthesizedTypeNode(type)) return kindOf(type.type, nested);
  if (ts.isArrayTypeNode(type)) return ["array", kindOf(type.elementType, nested)];
  if (ts.isTypeLiteralNode(type)) {
    return ["map", kindOf(type.members.find(ts.isIndexSignatureDeclaration)!.type, nested)];
  }
  if (ts.isTypeReferenceNode(type)) return kindOfReference(type, nested);
  if (type.kind === ts.SyntaxKind.StringKeyword) return "string";
  if (type.kind === ts.SyntaxKind.NumberKeyword) return "number";
  if (type.kind === ts.SyntaxKind.BooleanKeyword) return "boolean";
  return "any";
}

function kindOfReference(
  type: ts.TypeReferenceNode,
  nested: ReadonlyMap<string, ts.InterfaceDeclaration>,
): Kind {
  const name = type.typeName.getText();
  if (name === "pulumi.Input") return kindOf(type.typeArguments![0]!, nested);
  if (name.startsWith("pulumi.asset.")) return "asset";
  if (name.startsWith("enums.")) return "string";
  if (name.startsWith("inputs.")) return treeOf(nested.get(name.slice("inputs.".length))!, nested);
  return "any";
}
