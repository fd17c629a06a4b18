import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { clonePath, statePath } from "../../local/paths.ts";
import type { Progress } from "../../local/progress.ts";
import { recordProvenance } from "../../local/toolchain/provenance.ts";
import { programName } from "../../stacks/names.ts";
import { proveStack } from "../proof/proof.ts";
import { readDeclared } from "../rotation/declared.ts";
import { readDeployed, requireCommonGenerations } from "../rotation/deployed.ts";
import { writeProof } from "../releases/proof-record.ts";
import { sourceDigest } from "../releases/source-digest.ts";
import { releasesFolder, writeVerification, type Check } from "../releases/verification.ts";
import { readLock } from "../../stacks/release-lock.ts";
import { readApproved } from "../digest/approved.ts";
import { requireApproved } from "./approval.ts";
import { cloudFoundation } from "./cloud-foundation.ts";
import { writeCredentials } from "./credentials.ts";
import { recoverInterrupted } from "./interrupted.ts";
import { requireProtectedDeclared } from "./keep-protected.ts";
import { localBackend } from "./environment.ts";
import { localFoundation } from "./local-foundation.ts";
import { readOutputs, type StackOutputs } from "./outputs.ts";
import { policyArguments } from "./policy.ts";
import { pulumiOutput } from "./pulumi.ts";
import { stackSettings } from "./settings.ts";
import { requireReadableState } from "./state-file.ts";
import { runUpdate, type Update } from "./update.ts";

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
}

/** Which stack to deploy, and how. */
export interface DeployOptions {
  readonly stack: string;
  /** Whether the platform may be taken from another clone. */
  readonly takeOver: boolean;
  /** File of a previewed digest: what goes beyond it is not done. @default - whatever is declared is done */
  readonly approved?: string;
  readonly progress: Progress;
}

/**
 * Brings a stack from whatever it is to what is declared, and proves that it works: the one way in which commands
 * change a stack. Sets up what is missing below it: packages, toolchain, platform.
 *
 * @throws Error with the first thing that is in the way; a second run goes on where it stopped.
 */
export async function deployStack({
  stack,
  takeOver,
  approved,
  progress,
}: DeployOptions): Promise<Deployment> {
  programName(stack);
  const approval = approved === undefined ? undefined : await readApproved(approved, stack);
  const settings = await stackSettings(stack);
  const { toolchain, environment } =
    settings.platform === "gke"
      ? await cloudFoundation(stack, progress)
      : await localFoundation(stack, { settings, takeOver, progress });

  recordProvenance(stack, toolchain);
  const logs = join(statePath, "stacks", stack);
  await mkdir(logs, { recursive: true, mode: 0o700 });
  if (environment.PULUMI_BACKEND_URL === localBackend) await requireReadableState(stack);
  await pulumiOutput(["stack", "select", "--create", stack], environment);
  await progress.step("no interrupted update is left", async (detail) => {
    if (await recoverInterrupted(stack, environment, settings))
      detail("cleared what a killed update left");
  });
  const { generations } = await readDeclared(stack);
  requireCommonGenerations(await readDeployed(stack, environment), generations);
  await requireProtectedDeclared(stack, environment);
  if (approval) {
    await progress.step("nothing goes beyond what was approved", () =>
      requireApproved(approval, stack, environment),
    );
  }
  // Read before anything is deployed: what is edited meanwhile was not proved. Git is needed to seal, not to deploy.
  const source = await sourceDigest(clonePath).catch(() => undefined);
  const release = readLock(stack, releasesFolder)?.release;
  const update = await progress.step(`pulumi up --stack ${stack}`, async (detail) => {
    const done = await runUpdate(
      // Without a refresh the engine believes its state, and leaves what was changed by hand.
      ["up", "--yes", "--skip-preview", "--refresh", ...(await policyArguments(stack))],
      { stack, environment, log: join(logs, "up.log") },
      detail,
    );
    detail(describe(done));
    return done;
  });

  const outputs = await readOutputs(stack, environment);
  if (!outputs) return { update, services: undefined };
  const credentials = await writeCredentials(stack, outputs);
  const checks = await proveStack(outputs, progress);
  await recordProof({ stack, outputs, source, release, checks });
  return { update, services: { outputs, credentials } };
}

/** What was proved of a stack, and what it ran: a release, or what its clone builds. */
interface Proved {
  readonly stack: string;
  readonly outputs: StackOutputs;
  readonly source: string | undefined;
  readonly release: string | undefined;
  readonly checks: readonly Check[];
}

async function recordProof({ stack, outputs, source, release, checks }: Proved): Promise<void> {
  const verifiedAt = new Date().toISOString();
  if (release !== undefined) {
    await writeVerification({ version: 1, release, environment: stack, verifiedAt, checks });
  } else if (source !== undefined) {
    await writeProof(stack, { images: outputs.images, source, verifiedAt, checks });
  }
}

function describe({ changes, unchanged }: Update): string {
  if (unchanged) return `nothing to change, ${changes.same ?? 0} resources as declared`;
  return Object.entries(changes)
    .map(([op, count]) => `${count} ${op}`)
    .join(", ");
}
