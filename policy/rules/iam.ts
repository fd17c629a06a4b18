import { known, type Rule } from "../rule.ts";

/** Nobody has a basic or an administrator's role in the project, and the public has none. */
export const iam: Rule = {
  name: "iam",
  description: "Roles are one service's own and least ones, and nobody unknown has one.",
  check({ type, props }) {
    if (!type.startsWith("gcp:")) return [];
    if (type === "gcp:projects/iAMCustomRole:IAMCustomRole") {
      const permissions = (props.permissions ?? []) as readonly string[];
      return permissions
        .filter((permission) => permission.includes("*"))
        .map((permission) => `permissions must be named, got ${JSON.stringify(permission)}`);
    }
    if (!/iam(Member|Binding|Policy)$/i.test(type)) return [];
    const role = known(() => props.role) as string | undefined;
    const members = [
      known(() => props.member),
      ...((known(() => props.members) ?? []) as readonly unknown[]),
    ];
    return [
      ...(role !== undefined && isTooMuch(role)
        ? [`role must be a least one of one service, got ${JSON.stringify(role)}; choose its part`]
        : []),
      ...members
        .filter((member) => member === "allUsers" || member === "allAuthenticatedUsers")
        .map((member) => `member must be known, got ${String(member)}; name a service account`),
      ...(/iam(Binding|Policy)$/i.test(type)
        ? [`${type.split(":").at(-1)} must be an IAMMember: it takes the role from all others`]
        : []),
    ];
  },
};

function isTooMuch(role: string): boolean {
  return /^roles\/(owner|editor|viewer)$|\*|[aA]dmin$/.test(role);
}
