import { join } from "node:path";
import { clonePath, statePath } from "../../local/paths.ts";
import type { Progress } from "../../local/progress.ts";
import { readLock } from "../../stacks/release-lock.ts";
import { readRelease } from "../../stacks/releases.ts";
import { stepVariable, type RolloutStep } from "../../stacks/rollout.ts";
import { ReleaseContent } from "../content/release-content.ts";
import { recordedDeploy } from "../ledger/deploy-record.ts";
import { drainIntoDatabase } from "../ledger/drain.ts";
import { waitingChanges } from "../ledger/outbox.ts";
import { proveStack } from "../proof/proof.ts";
import { deployedFolder } from "../releases/checkout.ts";
import { committedAt } from "../releases/commits.ts";
import { recordProof } from "../releases/record-proof.ts";
import { requireDeployed } from "../releases/require-deployed.ts";
import { sourceDigest } from "../releases/source-digest.ts";
import { endReturn } from "../releases/unfinished-return.ts";
import { releasesFolder, type Check } from "../releases/verification.ts";
import { rollOut, RolloutFailed } from "../rollout/roll-out.ts";
import { writeCredentials } from "./credentials.ts";
import type { Deployment } from "./deploy.ts";
import { readOutputs } from "./outputs.ts";
import { policyArguments } from "./policy.ts";
import type { StackSettings } from "./settings.ts";
import { runUpdate, type Update } from "./update.ts";

/** A stack that is ready to be updated. */
export interface ApplyOptions {
  readonly stack: string;
  readonly settings: StackSettings;
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
export async function applyStack(options: ApplyOptions): Promise<Deployment> {
  try {
    return await apply(options);
  } catch (error) {
    if (!(error instanceof RolloutFailed)) throw error;
    const { stack } = options;
    await apply({ ...options, folder: await deployedFolder(stack) });
    throw new Error(
      `${error.message}; ${stack} runs release ${error.returnedTo} again, and its lock says so`,
      { cause: error },
    );
  }
}

async function apply({
  stack,
  settings,
  environment,
  folder,
  progress,
}: ApplyOptions): Promise<Deployment> {
  const release = readLock(stack, releasesFolder)?.release;
  const { commit, content: digest } = release ? readRelease(release, releasesFolder) : {};
  // Read before anything is deployed: what is edited meanwhile was not proved. Git is needed to seal, not to deploy.
  const source = await sourceDigest(clonePath).catch(() => undefined);
  const deployment = await recordedDeploy<Deployment>(
    { environment: stack, release, committedAt: commit ? await committedAt(commit) : undefined },
    async (onChange) => {
      const content = digest && new ReleaseContent({ stack, digest, settings, environment });
      const log = join(statePath, "stacks", stack, "up.log");
      const update = (step?: RolloutStep): Promise<Update> =>
        progress.step(`pulumi up --stack ${stack}${step ? `, ${step}` : ""}`, async (detail) => {
          const run = async (): Promise<Update> =>
            runUpdate(
              // Without a refresh the engine believes its state, and leaves what was changed by hand.
              ["up", "--yes", "--skip-preview", "--refresh", ...(await policyArguments(stack))],
              {
                stack,
                environment: { ...environment, [stepVariable]: step ?? "" },
                cwd: folder,
                log,
                onChange,
              },
              detail,
            );
          const done = content && !step ? await content.beside(run) : await run();
          detail(describe(done));
          return done;
        });
      const prove = async (): Promise<Proved> => {
        const outputs = await readOutputs(stack, environment);
        if (!outputs && release) {
          throw new Error(
            `stack ${stack} must export where its services are once it runs release ${release}, got nothing; npm run up -- --stack ${stack} deploys them`,
          );
        }
        if (!outputs) return { services: undefined, checks: [] };
        const credentials = await writeCredentials(stack, outputs);
        const brought = content ? await content.prove(outputs, progress) : undefined;
        const proved = await proveStack(outputs, progress);
        return {
          services: { outputs, credentials, ...(brought && { content: brought.content }) },
          checks: brought ? [brought.check, ...proved] : proved,
        };
      };
      const done = await rollOut({ stack, settings, progress, update, prove });
      const { services, checks } = done.proved;
      if (services) {
        const { images } = services.outputs;
        if (release) requireDeployed({ stack, release, folder, images });
        await recordProof({ stack, images, source, release, checks: [...done.checks, ...checks] });
      }
      const unchanged = done.update.unchanged && !services?.content?.changed;
      return { result: { update: { ...done.update, unchanged }, services }, unchanged };
    },
  );
  await endReturn(stack);
  await drainLedger(stack, deployment, progress);
  return deployment;
}

/** What was seen of a stack at its end. */
interface Proved extends Pick<Deployment, "services"> {
  readonly checks: readonly Check[];
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
