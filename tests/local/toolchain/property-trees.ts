import { readFileSync } from "node:fs";
import type { PropertyTree } from "./provider-inputs.ts";

/** What our build of a plugin takes: type token → inputs. */
export interface PropertyTrees {
  /** Digest of the recipe whose trees these are. */
  readonly recipe: string;
  readonly trees: ReadonlyMap<string, PropertyTree>;
}

/** The committed trees of our build of the plugin (renewed by `local/toolchain/property-trees/renew.ts`). */
export function propertyTrees(plugin: "docker" | "gcp"): PropertyTrees {
  const file = `local/toolchain/property-trees/${plugin}.golden.json`;
  const { recipe, ...trees } = JSON.parse(readFileSync(file, "utf8")) as Record<
    string,
    PropertyTree
  >;
  return { recipe: recipe as unknown as string, trees: new Map(Object.entries(trees)) };
}
