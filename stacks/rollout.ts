/** Steps of a roll-out in which a part of the collector's and the worker's pods runs the new release, in order. */
export const rolloutSteps = ["canary", "half", "all"] as const;

/**
 * One of {@link rolloutSteps}. `all` is not the end yet: what takes something away from the database (`*.contract.sql`)
 * comes when no pod of the old release runs any more, with the update that names no step.
 */
export type RolloutStep = (typeof rolloutSteps)[number];

/** Variable by which the command that rolls out tells the program which step it is; plain `pulumi up` goes to the end. */
export const stepVariable = "MARKETING_STACK_ROLLOUT_STEP";

/**
 * The step that this run of the program declares.
 *
 * @returns undefined for all of the release.
 * @throws Error if the variable holds something else.
 */
export function readRolloutStep(): RolloutStep | undefined {
  const value = process.env[stepVariable];
  if (value === undefined || value === "") return undefined;
  const step = rolloutSteps.find((name) => name === value);
  if (!step) {
    throw new Error(
      `${stepVariable} must be one of ${rolloutSteps.join(", ")}, got ${JSON.stringify(value)}`,
    );
  }
  return step;
}

/**
 * How many of a service's pods run the new release in a step. One pod always stays as it was before the step `all`: a
 * service with a single pod has no canary.
 */
export function updatedReplicas(step: RolloutStep, replicas: number): number {
  const wanted = { canary: 1, half: Math.ceil(replicas / 2), all: replicas }[step];
  return step === "all" ? replicas : Math.max(0, Math.min(wanted, replicas - 1));
}
