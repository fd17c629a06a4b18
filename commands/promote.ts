import { readPlatform } from "../local/platform.ts";
import { lineProgress } from "../local/progress.ts";
import { programName } from "../stacks/names.ts";
import { readRelease } from "../stacks/releases.ts";
import { command, commandLine } from "./command.ts";
import { stackSettings } from "./engine/settings.ts";
import { copyImage, imageDigest } from "./releases/registry.ts";
import { changeNow } from "./ledger/change.ts";
import { changeLock, type LockChange } from "./releases/lock-change.ts";
import { obstacleForward } from "./releases/migration-order.ts";
import { readVerification, releasesFolder } from "./releases/verification.ts";
import { promotedLock, type ReleaseLock } from "../stacks/release-lock.ts";

/** Gives an environment a sealed release: its images into the environment's registry, its id into `releases/<stack>.lock.json`. */
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
  const progress = lineProgress();
  const release = readRelease(id, releasesFolder);
  const from = (await readPlatform()).registry;
  const to = (await stackSettings(stack)).registry ?? from;
  for (const image of Object.values(release.images)) {
    await progress.step(`image ${image.split("@")[0]}`, (detail) =>
      provide({ image, id, from, to }, detail),
    );
  }
  await changeLock(stack, async (current) => promotion(current, stack, id));
  process.stdout.write(
    `releases/${stack}.lock.json names release ${id}.\nNext: npm run preview -- --stack ${stack}, then npm run up -- --stack ${stack}\n`,
  );
  return 0;
});

/** What a promotion makes of the lock; undefined if the environment runs the release already. */
function promotion(
  current: ReleaseLock | undefined,
  environment: string,
  release: string,
): LockChange | undefined {
  if (current?.release === release) return undefined;
  const obstacle =
    current &&
    obstacleForward(
      readRelease(current.release, releasesFolder).migrations,
      readRelease(release, releasesFolder).migrations,
    );
  if (obstacle) throw new Error(`release ${release} cannot go to ${environment}: ${obstacle}`);
  const isVerified =
    current !== undefined &&
    readVerification({ release: current.release, environment }) !== undefined;
  return {
    lock: promotedLock(current, { environment, release, isVerified }),
    change: changeNow({
      kind: "promotion",
      environment,
      subject: release,
      details: { from: current?.release ?? null },
    }),
  };
}

interface Transfer {
  /** `<repository>@sha256:…` */
  readonly image: string;
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** Makes sure that the environment's registry has an image. */
async function provide(
  { image, id, from, to }: Transfer,
  detail: (text: string) => void,
): Promise<void> {
  if (from === to) {
    await imageDigest(`${to}/${image}`);
    detail("there already");
    return;
  }
  await copyImage(`${from}/${image}`, `${to}/${image.split("@")[0]}:${id}`);
  detail(`copied to ${to}`);
}
