import { lineProgress } from "../local/progress.ts";
import { programName } from "../stacks/names.ts";
import type { ReleaseLock } from "../stacks/release-lock.ts";
import { readRelease } from "../stacks/releases.ts";
import { command, commandLine } from "./command.ts";
import { readSnapshot } from "./content/snapshot-file.ts";
import { stackSettings } from "./engine/settings.ts";
import { withStackLock } from "./engine/stack-lock.ts";
import { commitsBetween } from "./releases/commits.ts";
import { differenceInWords } from "./releases/difference.ts";
import { promoteRelease } from "./releases/promote.ts";
import { provideImages } from "./releases/provide-images.ts";
import { releasesFolder } from "./releases/verification.ts";

/** Gives an environment a sealed release that the one before it verified: its images, then `releases/<stack>.lock.json`. */
await command(async () => {
  const { positionals } = commandLine({
    usage: "promote -- RELEASE STACK",
    options: {},
    positionals: 2,
  });
  const [id, stack] = positionals;
  if (!id || !stack) throw new Error("usage: npm run promote -- RELEASE STACK");
  if (programName(stack) !== "prod") {
    throw new Error(
      `stack must be one that runs releases, got ${JSON.stringify(stack)}, which builds its images; use prod or rehearsal`,
    );
  }
  const { registry, promotion: rules } = await stackSettings(stack);
  const release = readRelease(id, releasesFolder);
  const progress = lineProgress();
  const prepare = async (current: ReleaseLock | undefined): Promise<void> => {
    const running = current && readRelease(current.release, releasesFolder);
    const lines = [
      ...differenceInWords(running, release, readSnapshot),
      ...(running ? await commitsBetween(running, release) : []),
    ];
    process.stdout.write(`Release ${id} for ${stack}:\n${lines.map(indented).join("")}\n`);
    await provideImages({ id, release, registry }, progress);
  };
  // A roll-out whose gate fails returns to what its lock names as the way back.
  const isChanged = await withStackLock(stack, () =>
    promoteRelease({ release: id, environment: stack, rules }, { now: new Date(), prepare }),
  );
  process.stdout.write(
    `releases/${stack}.lock.json ${isChanged ? "names" : "named"} release ${id}${isChanged ? "" : " already"}.\nNext: npm run preview -- --stack ${stack}, then npm run up -- --stack ${stack}\n`,
  );
  return 0;
});

function indented(line: string): string {
  return `  ${line}\n`;
}
