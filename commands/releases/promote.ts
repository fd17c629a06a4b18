import { promotedLock, type ReleaseLock } from "../../stacks/release-lock.ts";
import { readRelease } from "../../stacks/releases.ts";
import { readSnapshot } from "../content/snapshot-file.ts";
import { changeNow } from "../ledger/change.ts";
import { changeLock } from "./lock-change.ts";
import { obstacleForward } from "./migration-order.ts";
import { requireAllowed, requireVerified, type Promotion } from "./promotion-checks.ts";
import { readVerification, releasesFolder } from "./verification.ts";

/** What a promotion waits for besides its rules, and the time that it takes for now. */
export interface PromoteOptions {
  readonly now: Date;
  /** Makes the release deployable and tells what comes with it; `current` is the lock before. Throws if it cannot. */
  readonly prepare: (current: ReleaseLock | undefined) => Promise<void>;
  /** @default - this clone's */
  readonly folder?: string;
}

/**
 * Gives an environment a release, if everything allows it: its lock names the release then, and the ledger tells of it.
 *
 * @returns whether the lock changed: an environment that has the release already is left as it is.
 * @throws Error with what is in the way; nothing was changed then.
 */
export async function promoteRelease(
  promotion: Promotion,
  { now, prepare, folder = releasesFolder }: PromoteOptions,
): Promise<boolean> {
  const { release, environment } = promotion;
  const sealed = readRelease(release, folder);
  if (sealed.content !== null) readSnapshot(sealed.content, folder);
  requireVerified(promotion, folder);
  requireAllowed(promotion, now);
  let isChanged = false;
  await changeLock(
    environment,
    async (current) => {
      const obstacle =
        current &&
        obstacleForward(readRelease(current.release, folder).migrations, sealed.migrations);
      if (obstacle) throw new Error(`release ${release} cannot go to ${environment}: ${obstacle}`);
      await prepare(current);
      if (current?.release === release) return undefined;
      isChanged = true;
      const isVerified =
        current !== undefined &&
        readVerification({ release: current.release, environment }, folder) !== undefined;
      return {
        lock: promotedLock(current, { environment, release, isVerified }),
        change: changeNow({
          kind: "promotion",
          environment,
          subject: release,
          details: {
            from: current?.release ?? null,
            commit: sealed.commit,
            approvedBy: promotion.rules.approvals[release] ?? [],
          },
        }),
      };
    },
    folder,
  );
  return isChanged;
}
