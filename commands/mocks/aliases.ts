import { childUrn, nameOf, typeOf } from "./urn.ts";

/** A former identity of a resource, as the program declares it: what is missing was as it is now. */
export interface Alias {
  /** The whole identity; then the others are not set. */
  readonly urn?: string;
  readonly name?: string;
  readonly type?: string;
  /** URN of the former parent; empty if there was none. */
  readonly parent?: string;
}

/** What decides the former URNs of a resource. */
export interface Aliased {
  readonly urn: string;
  readonly parent: string;
  readonly declared: readonly Alias[];
}

/**
 * All URNs under which the engine looks for each resource, by its present one: those that it declares, and those that it
 * has of its parent's, whose name a child's may begin with.
 *
 * @param resources parents before their children.
 */
export function aliasUrns(resources: readonly Aliased[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const { urn, parent, declared } of resources) {
    const own = declared.map((alias) => ownUrn(urn, parent, alias));
    const inherited = (all.get(parent) ?? []).flatMap((formerParent) =>
      [urn, ...own].map((identity) => {
        const name = nameOf(identity);
        const parentName = nameOf(parent);
        const formerName = name.startsWith(parentName)
          ? `${nameOf(formerParent)}${name.slice(parentName.length)}`
          : name;
        return childUrn(formerParent, typeOf(identity), formerName);
      }),
    );
    all.set(urn, [...own, ...inherited]);
  }
  return all;
}

function ownUrn(urn: string, parent: string, alias: Alias): string {
  if (alias.urn) return alias.urn;
  const root = alias.parent ?? parent;
  const name = alias.name || nameOf(urn);
  return childUrn(root || urn.split("::").slice(0, 2).join("::"), alias.type || typeOf(urn), name);
}
