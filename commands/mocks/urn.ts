/**
 * URN of a resource.
 *
 * @param parent URN of its parent, or `urn:pulumi:<stack>::<project>` if it has none.
 */
export function childUrn(parent: string, type: string, name: string): string {
  const [stack, project, types] = parent.split("::");
  return [stack, project, types ? `${types}$${type}` : type, name].join("::");
}

/** The resource's own type, without its parents'. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]!.split("$").at(-1)!;
}

/** The resource's name, which may hold colons itself. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
