import type { Case } from "../case.ts";
import { container, pod, podCase, withContainer } from "../good.ts";

const demanded = (what: string, name = "app"): string =>
  `resources.${what} of container ${name} must be set, got nothing; one pod could starve its neighbours`;
const { requests, limits } = container.resources;

/** Mutants of what containers may take, each with its good twin. */
export const resourceCases: readonly Case[] = [
  podCase(
    "requests-and-limits",
    "nothing said",
    withContainer({ resources: undefined }),
    demanded("requests.cpu"),
    demanded("requests.memory"),
    demanded("limits.memory"),
  ),
  podCase(
    "requests-and-limits",
    "no limit of memory",
    withContainer({ resources: { requests } }),
    demanded("limits.memory"),
  ),
  podCase(
    "requests-and-limits",
    "an init container that requests no processor",
    {
      ...pod,
      initContainers: [
        { ...container, name: "first", resources: { requests: { memory: "1Mi" }, limits } },
      ],
    },
    demanded("requests.cpu", "first"),
  ),
];
