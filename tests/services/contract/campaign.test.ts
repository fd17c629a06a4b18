import { join } from "node:path";
import ts from "typescript";
import { clonePath } from "../../../local/paths.ts";
import { campaignSchema, type SchemaNode } from "../../../stacks/campaigns/schema.ts";

const path = join(clonePath, "services", "contract", "campaign.ts");

/** Fields below a part of the schema, as `a.b?`, `a[].c`, `a{}.d`, each with its type. */
function fieldsOf(node: SchemaNode, at: string): string[] {
  if (node.items) return fieldsOf(node.items, `${at}[]`);
  if (node.additionalProperties) return fieldsOf(node.additionalProperties, `${at}{}`);
  if (!node.properties) return [`${at}: ${typeName(node)}`];
  const required = node.required as readonly string[] | undefined;
  return Object.entries(node.properties).flatMap(([name, field]) =>
    fieldsOf(field, `${at}.${name}${required?.includes(name) ? "" : "?"}`),
  );
}

function typeName({ type, enum: choices }: SchemaNode): string {
  if (choices) return [...(choices as string[])].sort().join("|");
  return type === "integer" ? "number" : type;
}

/** The same of a type, as the compiler sees it. */
function fieldsOfType(checker: ts.TypeChecker, type: ts.Type, at: string): string[] {
  const item = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  if (item && checker.isArrayLikeType(type)) return fieldsOfType(checker, item, `${at}[]`);
  const value = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (value) return fieldsOfType(checker, value, `${at}{}`);
  if (type.isUnion()) {
    const choices = type.types.map((one) => (one as ts.StringLiteralType).value);
    return [`${at}: ${choices.sort().join("|")}`];
  }
  if (!(type.flags & ts.TypeFlags.Object)) return [`${at}: ${checker.typeToString(type)}`];
  return type.getProperties().flatMap((property) => {
    const isOptional = property.flags & ts.SymbolFlags.Optional;
    const inner = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    return fieldsOfType(checker, inner, `${at}.${property.name}${isOptional ? "?" : ""}`);
  });
}

test("the type of campaigns has the fields of the API server's schema", () => {
  const program = ts.createProgram([path], {
    strict: true,
    lib: ["lib.es2023.d.ts"],
    types: [],
    allowImportingTsExtensions: true,
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path)!)!;
  const spec = checker.getExportsOfModule(module).find(({ name }) => name === "CampaignSpec")!;
  const found = fieldsOfType(checker, checker.getDeclaredTypeOfSymbol(spec), "spec");
  expect(found.sort()).toEqual(fieldsOf(campaignSchema(), "spec").sort());
});
