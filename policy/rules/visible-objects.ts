import type { Rule } from "../rule.ts";

/** What makes objects in the cluster that the engine never shows to a rule, and what to take instead. */
const hidden: readonly (readonly [kind: RegExp, instead: string])[] = [
  [/^kubernetes:helm\.sh\/v3:Release$/, "take a Chart of helm.v4, whose objects are resources"],
  [/^kubernetes:.+Patch$/, "declare the whole object"],
  [/^kubernetes:.+List$/, "declare each object"],
];

/** Whatever runs in the cluster is an object that the other rules look at. */
export const visibleObjects: Rule = {
  name: "visible-objects",
  description: "Whatever is in the cluster is an object that the rules look at.",
  check: ({ type }) =>
    hidden
      .filter(([kind]) => kind.test(type))
      .map(([, instead]) => `type must be a whole object of Kubernetes, got ${type}; ${instead}`),
};
