import type { Progress } from "../../local/progress.ts";
import { recordProvenance } from "../../local/toolchain/provenance.ts";
import { programName } from "../../stacks/names.ts";
import type { BroughtContent } from "../content/bring.ts";
import { deployedFolder } from "../releases/checkout.ts";
import { requireVerified } from "../releases/promotion-checks.ts";
import { releasesFolder } from "../releases/verification.ts";
import { readLock } from "../../stacks/release-lock.ts";
import { readDeclared } from "../rotation/declared.ts";
import { deployedSecrets, requireCommonGenerations } from "../rotation/deployed.ts";
import { readApproved } from "../digest/approved.ts";
import type { Digest } from "../digest/digest.ts";
import { applyStack } from "./apply.ts";
import { requireApproved } from "./approval.ts";
import { cloudFoundation } from "./cloud-foundation.ts";
import { recoverInterrupted } from "./interrupted.ts";
import { requireProtectedDeclared } from "./keep-protected.ts";
import { localBackend } from "./environment.ts";
import { localFoundation, requireMachine } from "./local-foundation.ts";
import type { StackOutputs } from "./outputs.ts";
import { pulumiOutput } from "./pulumi.ts";
import { stackSettings, type StackSettings } from "./settings.ts";
import { withStackLock } from "./stack-lock.ts";
import { requireReadableState } from "./state-file.ts";
import type { Update } from "./update.ts";

/** A stack that was brought to its declared state and proved. */
export interface Deployment {
  readonly update: Update;
  /** Undefined where the stack runs releases and none was promoted to it yet: there is only its platform. */
  readonly services: DeployedServices | undefined;
}

/** The services of a deployed stack. */
export interface DeployedServices {
  readonly outputs: StackOutputs;
  /** Path of the file with the admin's login and the write keys. */
  readonly credentials: string;
  /** What came of the release's content; absent where there is none. */
  readonly content?: BroughtContent;
}

/** Which stack to deploy, and how. */
export interface DeployOptions {
  readonly stack: string;
  /** Whether the platform may be taken from another clone. */
  readonly takeOver: boolean;
  /** File of a previewed digest: what goes beyond it is not done. @default - whatever is declared is done */
  readonly approved?: string;
  /** Declares what is deployed then, while nobody else changes the stack. @default - it is declared already */
  readonly declare?: () => Promise<void>;
  readonly progress: Progress;
}

/**
 * Brings a stack from whatever it is to what is declared, and proves that it works: the one way in which commands
 * change a stack. Sets up what is missing below it: packages, toolchain, platform.
 *
 * @throws Error with the first thing that is in the way; a second run goes on where it stopped. Where another command changes the
 *   stack, nothing is declared.
 */
export async function deployStack(options: DeployOptions): Promise<Deployment> {
  const { stack, approved, declare, takeOver, progress } = options;
  programName(stack);
  const approval = approved === undefined ? undefined : await readApproved(approved, stack);
  const settings = await stackSettings(stack);
  // On a machine that cannot carry the stack not even its lock is made.
  if (settings.platform !== "gke") await requireMachine(stack, { settings, takeOver, progress });
  return withStackLock(stack, async () => {
    await declare?.();
    return deploy({ ...options, settings, approval });
  });
}

/** {@link DeployOptions} with what was read for them. */
interface ReadOptions extends DeployOptions {
  readonly settings: StackSettings;
  readonly approval: Digest | undefined;
}

async function deploy({
  stack,
  takeOver,
  settings,
  approval,
  progress,
}: ReadOptions): Promise<Deployment> {
  const lock = readLock(stack, releasesFolder);
  if (lock) {
    requireVerified({ release: lock.release, environment: stack, rules: settings.promotion });
  }
  const { toolchain, environment } =
    settings.platform === "gke"
      ? await cloudFoundation(stack, progress)
      : await localFoundation({ settings, takeOver, progress });

  recordProvenance(stack, toolchain);
  if (environment.PULUMI_BACKEND_URL === localBackend) await requireReadableState(stack);
  await pulumiOutput(["stack", "select", "--create", stack], environment);
  const { resources } = await progress.step("no interrupted update is left", async (detail) => {
    const { state, isCleared } = await recoverInterrupted(stack, environment, settings);
    if (isCleared) detail("cleared what a killed update left");
    return state;
  });
  const { generations } = await readDeclared(stack);
  requireCommonGenerations(deployedSecrets(resources), generations);
  const folder = await deployedFolder(stack);
  await requireProtectedDeclared(stack, resources, folder);
  if (approval) {
    await progress.step("nothing goes beyond what was approved", () =>
      requireApproved(approval, stack, environment),
    );
  }
  return applyStack({ stack, settings, environment, folder, progress });
}
