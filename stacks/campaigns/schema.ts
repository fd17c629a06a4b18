import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A part of the schema of campaigns, as Kubernetes writes it (structural OpenAPI v3). */
export interface SchemaNode {
  readonly type: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  /** Schema of each value of a map. */
  readonly additionalProperties?: SchemaNode;
  readonly items?: SchemaNode;
  readonly "x-kubernetes-validations"?: readonly Rule[];
  /** `set`: no item twice; `map`: no two items with the same keys. */
  readonly "x-kubernetes-list-type"?: "set" | "map" | "atomic";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  /** Whatever else JSON schema has: bounds, patterns, choices. */
  readonly [keyword: string]: unknown;
}

/** A rule in CEL on the value that it stands beside, `self`. */
export interface Rule {
  readonly rule: string;
  /** `must …`. */
  readonly message: string;
  /** Field that the message is about, such as `.from`. @default - the value itself */
  readonly fieldPath?: string;
}

/** Where the one schema of campaigns is, from the clone's root. */
export const CRD_PATH = "charts/worker/crds/campaigns.yaml";

/** The definition of campaigns as the API server is given it. */
export function campaignDefinition(path = CRD_PATH): object {
  return parse(readFileSync(path, "utf8")) as object;
}

/** Schema of `spec`, which is what a campaign's file holds. */
export function campaignSchema(path = CRD_PATH): SchemaNode {
  const { spec } = campaignDefinition(path) as Definition;
  return spec.versions[0]!.schema.openAPIV3Schema.properties!.spec!;
}

/** JSON schema (draft 7) of a campaign's file, without the rules in CEL: for editors, and the first half of lint. */
export function fileSchema(schema: SchemaNode): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Campaign",
    ...closed(schema),
  };
}

interface Definition {
  readonly spec: {
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: SchemaNode } }[];
  };
}

/** The API server drops unknown fields; a file may have none. */
function closed(node: SchemaNode): object {
  const kept = Object.entries(node).filter(([keyword]) => !keyword.startsWith("x-kubernetes-"));
  const { properties, additionalProperties, items } = node;
  return {
    ...Object.fromEntries(kept),
    ...(properties ? { properties: closedEach(properties), additionalProperties: false } : {}),
    ...(additionalProperties ? { additionalProperties: closed(additionalProperties) } : {}),
    ...(items ? { items: closed(items) } : {}),
  };
}

function closedEach(properties: Readonly<Record<string, SchemaNode>>): object {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, closed(property)]),
  );
}
