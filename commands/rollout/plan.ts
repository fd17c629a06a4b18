import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { clonePath } from "../../local/paths.ts";
import { readGates, type Gates } from "../../stacks/gates.ts";
import { isContract } from "../../stacks/migrations.ts";
import { readLock } from "../../stacks/release-lock.ts";
import { readRelease, type Release } from "../../stacks/releases.ts";
import { rolloutSteps, updatedReplicas, type RolloutStep } from "../../stacks/rollout.ts";
import { programConfig } from "../mocks/config.ts";
import { missingMigrations } from "../releases/migration-order.ts";
import { readVerification, releasesFolder } from "../releases/verification.ts";

/** Services whose pods change step by step. */
export const steppedServices = ["collector", "worker"] as const;

/** A service of {@link steppedServices}. */
export type SteppedService = (typeof steppedServices)[number];

/** How an environment comes from the last release that it verified to the one that its lock names. */
export interface RolloutPlan {
  readonly release: string;
  readonly to: Release;
  readonly from: Release;
  readonly gates: Gates;
  readonly steps: readonly PlannedStep[];
}

/** A step that changes something, and whose pods are there to be watched after it. */
export interface PlannedStep {
  readonly step: RolloutStep;
  readonly watched: readonly SteppedService[];
}

/**
 * The plan of a stack's next update.
 *
 * @returns undefined where everything is deployed at once: the stack runs no releases, none was verified before, or the one
 *   that the lock names was.
 */
export async function planRollout(stack: string): Promise<RolloutPlan | undefined> {
  const lock = readLock(stack, releasesFolder);
  const before = lock?.verified.at(-1);
  if (!lock || before === undefined) return undefined;
  if (readVerification({ release: lock.release, environment: stack })) return undefined;
  const [project, own] = await Promise.all(
    ["Pulumi.yaml", `Pulumi.${stack}.yaml`].map((file) => readFile(join(clonePath, file), "utf8")),
  );
  const { values } = programConfig(project!, own!);
  const [to, from] = [lock.release, before].map((id) => readRelease(id, releasesFolder)) as [
    Release,
    Release,
  ];
  // What runs the same image has nothing to try out.
  const changed = (service: SteppedService): number =>
    from.images[service] === to.images[service]
      ? 0
      : Number(values[`marketing-stack:${service}Replicas`]);
  return {
    release: lock.release,
    to,
    from,
    gates: gatesOf(values),
    steps: stepsFor(
      { collector: changed("collector"), worker: changed("worker") },
      missingMigrations(from.migrations, to.migrations).some(isContract),
    ),
  };
}

function gatesOf(values: Readonly<Record<string, string>>): Gates {
  const { gates, problems } = readGates((key) => {
    const value = values[`marketing-stack:${key}`];
    return key === "gates" ? JSON.parse(value ?? "null") : value;
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return gates;
}

/** The steps that change something, for so many pods that get another image. */
export function stepsFor(
  replicas: Readonly<Record<SteppedService, number>>,
  contracts: boolean,
): PlannedStep[] {
  const updated = (step: RolloutStep): number[] =>
    steppedServices.map((service) => updatedReplicas(step, replicas[service]));
  return rolloutSteps
    .filter((step, index) => {
      if (step === "all") return contracts;
      const before = index === 0 ? [0, 0] : updated(rolloutSteps[index - 1]!);
      return updated(step).some((count, service) => count > before[service]!);
    })
    .map((step) => ({
      step,
      watched: steppedServices.filter((service) => updatedReplicas(step, replicas[service]) > 0),
    }));
}
