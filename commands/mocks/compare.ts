import { campaignNews, type Declared } from "../digest/campaign-news.ts";
import type { Change, Digest } from "../digest/digest.ts";
import { deletion } from "../digest/deletions.ts";
import { differingPaths } from "../digest/property-paths.ts";
import { digestOfInputs, fingerprintOf, withoutSecrets } from "../digest/values.ts";
import type { Registered } from "./registered.ts";

/** The digest of what a program registers now, against what it registered before. */
export function compareRegistered(
  stack: string,
  before: readonly Registered[],
  after: readonly Registered[],
  notes: readonly string[],
): Digest {
  const old = new Map(
    before.filter(({ isResource }) => isResource).map((each) => [each.urn, each]),
  );
  const changes: Change[] = [];
  const declared: Declared[] = [];
  let unchanged = 0;
  for (const resource of after.filter(({ isResource }) => isResource)) {
    const known = [resource.urn, ...resource.aliases].find((urn) => old.has(urn));
    const former = known === undefined ? undefined : old.get(known);
    if (known !== undefined) old.delete(known);
    declared.push({ type: resource.type, before: former?.inputs, after: resource.inputs });
    const change = changeOf(former, resource);
    if (change) changes.push(change);
    else unchanged += 1;
  }
  changes.push(...[...old.values()].map(deletion));
  for (const { type, inputs } of old.values()) {
    declared.push({ type, before: inputs, after: undefined });
  }
  changes.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return {
    version: 1,
    stack,
    about: "preview",
    tier: "mocks",
    notes,
    complete: true,
    changes,
    campaigns: campaignNews(declared),
    unchanged,
    violations: [],
    policyPacks: {},
    errors: [],
    fingerprint: fingerprintOf(stack, changes),
  };
}

function changeOf(before: Registered | undefined, after: Registered): Change | undefined {
  const { urn, type, name } = after;
  const values = digestOfInputs(after.inputs);
  const kept = {
    isProtected: before?.isProtected ?? false,
    isRetained: before?.isRetained ?? false,
  };
  if (!before) {
    const none = { paths: [], replacedBy: [], losesProtection: false };
    return { urn, type, name, op: "create", ...none, ...kept, values };
  }
  const losesProtection =
    (before.isProtected && !after.isProtected) || (before.isRetained && !after.isRetained);
  const paths = differingPaths(withoutSecrets(before.inputs), withoutSecrets(after.inputs));
  if (losesProtection) paths.push("(protection)");
  if (paths.length === 0) return undefined;
  const op = "update or replace";
  return { urn, type, name, op, paths, replacedBy: [], ...kept, losesProtection, values };
}
