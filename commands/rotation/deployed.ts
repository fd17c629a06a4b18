import type { Generations } from "../../infra/generated-secret.ts";
import { readState, type StateResource } from "../engine/state.ts";

/** A generated secret as a stack's state has it. */
export interface DeployedSecret {
  /** Generations, newest first. */
  readonly generations: readonly number[];
  /** When the newest was made; undefined if the state does not tell. */
  readonly changedAt: Date | undefined;
}

/** The generated secrets of a stack by name, none if it was never deployed. */
export async function readDeployed(
  stack: string,
  environment: Record<string, string>,
): Promise<Readonly<Record<string, DeployedSecret>>> {
  return readState(stack, environment).then(
    ({ resources }) => deployedSecrets(resources),
    () => ({}),
  );
}

/** The generated secrets among the resources of a state, by name. */
export function deployedSecrets(
  resources: readonly Pick<StateResource, "urn" | "type" | "created" | "delete">[],
): Readonly<Record<string, DeployedSecret>> {
  const found = new Map<string, { generation: number; created: string | undefined }[]>();
  for (const resource of resources) {
    if (resource.type !== "random:index/randomPassword:RandomPassword" || resource.delete) continue;
    const [name = "", generation = "0"] = resource.urn.split("::").at(-1)!.split(".");
    const others = found.get(name) ?? [];
    found.set(name, [...others, { generation: Number(generation), created: resource.created }]);
  }
  return Object.fromEntries(
    [...found].map(([name, list]) => {
      const newestFirst = list.sort((a, b) => b.generation - a.generation);
      const created = newestFirst[0]!.created;
      return [
        name,
        {
          generations: newestFirst.map(({ generation }) => generation),
          changedAt: created === undefined ? undefined : new Date(created),
        },
      ];
    }),
  );
}

/**
 * Checks that of each secret a generation that is deployed stays valid: pods and clients that still have it must not be
 * refused in the middle of the update.
 *
 * @throws Error naming each secret of which none does.
 */
export function requireCommonGenerations(
  deployed: Readonly<Record<string, Pick<DeployedSecret, "generations">>>,
  declared: Generations,
): void {
  const problems = Object.entries(deployed)
    .map(([name, { generations }]) => ({
      name,
      generations,
      wanted: declared[name] ?? [0],
    }))
    .filter(({ generations, wanted }) => !wanted.some((number) => generations.includes(number)))
    .map(
      ({ name, generations, wanted }) =>
        `marketing-stack:generations.${name} must keep one of the generations ${JSON.stringify(generations)} that are deployed, got ${JSON.stringify(wanted)}; npm run rotate -- ${name} changes it step by step`,
    );
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
