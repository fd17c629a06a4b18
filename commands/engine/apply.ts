import { join } from "node:path";
import { clonePath, statePath } from "../../local/paths.ts";
import type { Progress } from "../../local/progress.ts";
import { readLock } from "../../stacks/release-lock.ts";
import { readRelease } from "../../stacks/releases.ts";
import { recordedDeploy } from "../ledger/deploy-record.ts";
import { drainIntoDatabase } from "../ledger/drain.ts";
import { waitingChanges } from "../ledger/outbox.ts";
import { proveStack } from "../proof/proof.ts";
import { committedAt } from "../releases/commits.ts";
import { recordProof } from "../releases/record-proof.ts";
import { sourceDigest } from "../releases/source-digest.ts";
import { endReturn } from "../releases/unfinished-return.ts";
import { releasesFolder } from "../releases/verification.ts";
import { writeCredentials } from "./credentials.ts";
import type { Deployment } from "./deploy.ts";
import { readOutputs } from "./outputs.ts";
import { policyArguments } from "./policy.ts";
import { runUpdate, type Update } from "./update.ts";

/** A stack that is ready to be updated. */
export interface ApplyOptions {
  readonly stack: string;
  /** Environment of the Pulumi CLI. */
  readonly environment: Record<string, string>;
  /** Folder of the project (`deployedFolder`). */
  readonly folder: string;
  readonly progress: Progress;
}

/**
 * Brings a stack to what it should run (its release, or what this clone declares), proves that it works and keeps the proof;
 * the ledger tells of it either way.
 *
 * @throws Error with the first thing that went wrong.
 */
export async function applyStack({
  stack,
  environment,
  folder,
  progress,
}: ApplyOptions): Promise<Deployment> {
  const release = readLock(stack, releasesFolder)?.release;
  const commit = release && readRelease(release, releasesFolder).commit;
  // Read before anything is deployed: what is edited meanwhile was not proved. Git is needed to seal, not to deploy.
  const source = await sourceDigest(clonePath).catch(() => undefined);
  const deployment = await recordedDeploy<Deployment>(
    { environment: stack, release, committedAt: commit ? await committedAt(commit) : undefined },
    async (onChange) => {
      const update = await progress.step(`pulumi up --stack ${stack}`, async (detail) => {
        const log = join(statePath, "stacks", stack, "up.log");
        const done = await runUpdate(
          // Without a refresh the engine believes its state, and leaves what was changed by hand.
          ["up", "--yes", "--skip-preview", "--refresh", ...(await policyArguments(stack))],
          { stack, environment, cwd: folder, log, onChange },
          detail,
        );
        detail(describe(done));
        return done;
      });
      const { unchanged } = update;
      const outputs = await readOutputs(stack, environment);
      if (!outputs) return { result: { update, services: undefined }, unchanged };
      const credentials = await writeCredentials(stack, outputs);
      const checks = await proveStack(outputs, progress);
      await recordProof({ stack, images: outputs.images, source, release, checks });
      return { result: { update, services: { outputs, credentials } }, unchanged };
    },
  );
  await endReturn(stack);
  await drainLedger(stack, deployment, progress);
  return deployment;
}

/** Moves what waits into the ledger, if there is one; what cannot be moved waits on. */
async function drainLedger(
  stack: string,
  { services }: Deployment,
  progress: Progress,
): Promise<void> {
  const url = services?.outputs.ledgerUrl;
  if (!url || (await waitingChanges(stack)).length === 0) return;
  await progress.step("changes go into the ledger", async (detail) => {
    await drainIntoDatabase(stack, url).then(
      (count) => detail(String(count)),
      (error: Error) => detail(`they wait, the database does not take them: ${error.message}`),
    );
  });
}

function describe({ changes, unchanged }: Update): string {
  if (unchanged) return `nothing to change, ${changes.same ?? 0} resources as declared`;
  return Object.entries(changes)
    .map(([op, count]) => `${count} ${op}`)
    .join(", ");
}
