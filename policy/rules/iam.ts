import { known, type Rule } from "../rule.ts";

type Fields = Readonly<Record<string, unknown>>;

const PUBLIC = /^(allUsers|allAuthenticatedUsers)$/;

/** Nobody has a basic or an administrator's role in the project, and the public has none. */
export const iam: Rule = {
  name: "iam",
  description: "Roles are one service's own and least ones, and nobody unknown has one.",
  check({ type, props }) {
    if (!type.startsWith("gcp:")) return [];
    const kind = type.split(":").at(-1)!;
    if (kind === "IAMCustomRole") return permissionProblems(props);
    if (type === "gcp:bigquery/dataset:Dataset") return accessProblems(props);
    if (/AccessControl$/.test(kind)) return publicProblems("entity", [props.entity]);
    if (!/iam(Member|Binding|Policy)$/i.test(kind)) return [];
    const members = (known(() => props.members) ?? []) as readonly unknown[];
    return [
      ...roleProblems(known(() => props.role)),
      ...publicProblems("member", [known(() => props.member), ...members]),
      ...(/Member$/.test(kind)
        ? []
        : [`kind must be an IAMMember, got ${kind}; it takes the role from everybody else`]),
    ];
  },
};

function permissionProblems(props: Fields): string[] {
  return ((props.permissions ?? []) as readonly string[])
    .filter((permission) => permission.includes("*"))
    .map(
      (permission) =>
        `permissions must be named, got ${JSON.stringify(permission)}; list what is used`,
    );
}

/** A dataset grants by lists of its own, beside its IAM. */
function accessProblems(props: Fields): string[] {
  const accesses = (props.accesses ?? []) as readonly Fields[];
  return publicProblems(
    "accesses",
    accesses.flatMap(({ specialGroup, iamMember }) => [specialGroup, iamMember]),
  );
}

function publicProblems(field: string, members: readonly unknown[]): string[] {
  return members
    .map(String)
    .filter((member) => PUBLIC.test(member))
    .map((member) => `${field} must be known, got ${member}; name a service account`);
}

function roleProblems(role: unknown): string[] {
  return /^roles\/(owner|editor|viewer)$|\*|admin$/i.test(String(role))
    ? [`role must be a least one of one service, got ${JSON.stringify(role)}; take its part`]
    : [];
}
