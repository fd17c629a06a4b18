import * as pulumi from "@pulumi/pulumi";
import { dev } from "./dev.ts";
import { programName } from "./names.ts";
import { prod, type Released } from "./prod.ts";
import { readLock } from "./release-lock.ts";
import { readRelease } from "./releases.ts";
import { readRolloutStep } from "./rollout.ts";
import { dataDigests, requireSealedData } from "./sealed-data.ts";

const stack = pulumi.getStack();
const programs = { dev, prod: () => prod(released()) };

/** Outputs of the stack that is being deployed. */
export const outputs = programs[programName(stack)]();

/** What the lock of the stack names; undefined if nothing was promoted to it yet. */
function released(): Released | undefined {
  const lock = readLock(stack);
  if (!lock) return undefined;
  const release = readRelease(lock.release);
  // A preview may show what another folder would do; only what is sealed is done.
  if (!pulumi.runtime.isDryRun()) requireSealedData(release, dataDigests());
  const step = readRolloutStep();
  if (!step) return { release };
  const before = lock.verified.at(-1);
  if (before === undefined) {
    throw new Error(
      `${stack} must have run a verified release before a roll-out in steps, found none`,
    );
  }
  return { release, rollout: { step, from: readRelease(before) } };
}
