import type { Progress } from "../../local/progress.ts";
import type { RolloutStep } from "../../stacks/rollout.ts";
import type { StackSettings } from "../engine/settings.ts";
import type { Update } from "../engine/update.ts";
import { changeNow } from "../ledger/change.ts";
import { recordChange } from "../ledger/outbox.ts";
import { returnToLastVerified } from "../releases/return.ts";
import type { Check } from "../releases/verification.ts";
import { planRollout, steppedServices, type RolloutPlan, type SteppedService } from "./plan.ts";
import { ask, prometheusOf } from "./prometheus.ts";
import { watchStep, type Verdict } from "./watch.ts";

/** What rolls out, and how a step is deployed. */
export interface RollOutOptions<Proved> {
  readonly stack: string;
  readonly settings: StackSettings;
  readonly progress: Progress;
  /** Updates the stack to a step, or to its end. */
  update(step?: RolloutStep): Promise<Update>;
  /** Looks whether the stack works at its end; throws if not. */
  prove(): Promise<Proved>;
}

/** A stack that runs all of what is declared, and works. */
export interface RolledOut<Proved> {
  readonly update: Update;
  /** The gates that it stood. */
  readonly checks: readonly Check[];
  readonly proved: Proved;
}

/** A release that did not stand its roll-out; the lock names the last verified one again, which is to be deployed now. */
export class RolloutFailed extends Error {
  readonly returnedTo: string;

  constructor(release: string, cause: Error, returnedTo: string) {
    super(`release ${release} must stand its roll-out, got: ${cause.message}`, { cause });
    this.name = "RolloutFailed";
    this.returnedTo = returnedTo;
  }
}

/**
 * Updates a stack: in steps with gates where it gets a release that it has not verified, else at once.
 *
 * Killed at any point, the next call begins with the first step again, which is the same for pods that have taken it.
 *
 * @throws RolloutFailed where a step, its gate or the proof at the end failed.
 * @throws Error where everything is deployed at once and fails, or there is no way back.
 */
export async function rollOut<Proved>(options: RollOutOptions<Proved>): Promise<RolledOut<Proved>> {
  const { stack, update, prove, progress } = options;
  const plan = await planRollout(stack);
  if (!plan) return { update: await update(), checks: [], proved: await prove() };
  const checks: Check[] = [];
  let migrated = plan.from.migrations;
  try {
    for (const { step, watched } of plan.steps) {
      await update(step);
      checks.push(await pass(step, watched, plan, options));
    }
    migrated = plan.to.migrations;
    const done = await update();
    checks.push(await pass("end", steppedServices, plan, options));
    return { update: done, checks, proved: await prove() };
  } catch (error) {
    const { message } = error as Error;
    const back = await progress.step("back to the last verified release", (detail) => {
      detail(message);
      const { release: failed } = plan;
      return returnToLastVerified(stack, { reason: message, actor: "gates", migrated, failed });
    });
    throw new RolloutFailed(plan.release, error as Error, back);
  }
}

/** Watches the pods of a step, and writes down what came of it. */
async function pass(
  step: RolloutStep | "end",
  services: readonly SteppedService[],
  plan: RolloutPlan,
  { stack, settings, progress }: Pick<RollOutOptions<unknown>, "stack" | "settings" | "progress">,
): Promise<Check> {
  const { gates, to, release } = plan;
  const checks = gates.checks.filter(({ service }) => services.includes(service));
  const verdict = await progress.step(`gates of step ${step}`, async (detail): Promise<Verdict> => {
    const prometheus = await prometheusOf(settings);
    return watchStep(
      checks,
      gates,
      async ({ service, query, samples }) => {
        const about = (text: string): string =>
          text
            .replaceAll("$namespace", stack)
            .replaceAll("$version", versionOf(to.images[service]));
        const [value, count] = await Promise.all([
          ask(prometheus, about(query)),
          samples === undefined ? undefined : ask(prometheus, about(samples)),
        ]);
        return { value, samples: count };
      },
      detail,
    );
  });
  await recordChange(
    changeNow({
      kind: "gate",
      environment: stack,
      subject: step,
      actor: "gates",
      details: { release, ...verdict },
    }),
  );
  if (verdict.kind === "failed")
    throw new Error(`gate "${verdict.check}" of step ${step} ${verdict.reason}`);
  const quiet = verdict.quiet.length > 0 ? `; too quiet to judge: ${verdict.quiet.join(", ")}` : "";
  return {
    name: `gates of step ${step}`,
    result: "passed",
    detail: `${checks.length - verdict.quiet.length} of ${checks.length} checks within limits${quiet}`,
  };
}

/** The label `app.kubernetes.io/version` of the pods that run an image, as the charts make it. */
function versionOf(image: string): string {
  return image.split(":").at(-1)!.slice(0, 16);
}
