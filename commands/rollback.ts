import { lineProgress } from "../local/progress.ts";
import { programName } from "../stacks/names.ts";
import { readLock } from "../stacks/release-lock.ts";
import { readRelease } from "../stacks/releases.ts";
import { command, commandLine } from "./command.ts";
import { deployStack } from "./engine/deploy.ts";
import { stackSettings } from "./engine/settings.ts";
import { summary } from "./engine/summary.ts";
import { provideImages } from "./releases/provide-images.ts";
import { returnToLastVerified } from "./releases/return.ts";
import { unfinishedReturn } from "./releases/unfinished-return.ts";
import { releasesFolder } from "./releases/verification.ts";

const progress = lineProgress();

/** Returns an environment to the last release that it verified, and deploys it; killed, the next one goes on. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage: "rollback -- STACK [--reason TEXT]",
    options: { reason: { type: "string", default: "by hand" } },
    positionals: 1,
  });
  const [stack] = positionals;
  if (!stack) throw new Error("usage: npm run rollback -- STACK [--reason TEXT]");
  if (programName(stack) !== "prod") {
    throw new Error(
      `stack must be one that runs releases, got ${JSON.stringify(stack)}, which builds its images; check out an older commit and run npm run up -- --stack ${stack}`,
    );
  }
  let release = "";
  const { update, services } = await deployStack({
    stack,
    takeOver: false,
    progress,
    declare: async () => {
      release = await setBack(stack, values.reason);
    },
  });
  if (services) {
    process.stdout.write(summary({ stack, ...services, unchanged: update.unchanged }));
  }
  process.stdout.write(`\nStack ${stack} is back on release ${release}.\n`);
  return 0;
});

/** Sets the lock, unless a return that was killed did so; what the lock names then. */
async function setBack(stack: string, reason: string): Promise<string> {
  const current = readLock(stack, releasesFolder)?.release;
  if (current !== undefined && (await unfinishedReturn(stack)) === current) return current;
  const { registry } = await stackSettings(stack);
  return returnToLastVerified(stack, { reason }, (id) =>
    provideImages({ id, release: readRelease(id, releasesFolder), registry }, progress),
  );
}
