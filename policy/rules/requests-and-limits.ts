import { containersOf, podOf, type Container } from "../pods.ts";
import type { Rule } from "../rule.ts";

/** What each container has to say. A limit of processor time would slow a pod down while its node is idle. */
const DEMANDED = [
  ["requests", "cpu"],
  ["requests", "memory"],
  ["limits", "memory"],
] as const;

/** Every container says what it needs and what it may take at most. */
export const requestsAndLimits: Rule = {
  name: "requests-and-limits",
  description: "Every container requests processor and memory, and limits its memory.",
  check(resource) {
    const pod = podOf(resource);
    return pod ? containersOf(pod).flatMap(problemsOf) : [];
  },
};

function problemsOf({ name, resources }: Container): string[] {
  return DEMANDED.filter(([kind, what]) => !resources?.[kind]?.[what]).map(
    ([kind, what]) =>
      `resources.${kind}.${what} of container ${name} must be set, got nothing; one pod could starve its neighbours`,
  );
}
