import type { Migrations } from "../../stacks/migrations.ts";
import { returnedLock } from "../../stacks/release-lock.ts";
import { readRelease } from "../../stacks/releases.ts";
import { changeNow } from "../ledger/change.ts";
import { changeLock } from "./lock-change.ts";
import { obstacleBack } from "./migration-order.ts";
import { beginReturn } from "./unfinished-return.ts";
import { readVerification, releasesFolder } from "./verification.ts";

/** Why an environment returns, and who decided it. */
export interface ReturnReason {
  /** In words: `error rate of the collector 31 %, must be below 5 %`. */
  readonly reason: string;
  /** @default - whoever runs the command */
  readonly actor?: string;
  /** Migrations that were run. @default - all of the present release */
  readonly migrated?: Migrations;
  /** Id of the release that failed. @default - whichever the lock names */
  readonly failed?: string;
}

/**
 * Sets the lock of an environment to its last verified release and records the rollback; the next update deploys it. Until it
 * has, the return is unfinished (`unfinishedReturn`).
 *
 * Neither freeze windows nor approvals hold it up: it ran there before.
 *
 * @param check looks whether the release can be deployed still, and throws if not.
 * @returns id of the release that it returned to.
 * @throws Error if there is none, if a migration since then cannot be undone, or if the lock names another release than the one
 *   that failed; the lock stays as it is.
 */
export async function returnToLastVerified(
  environment: string,
  { reason, actor, migrated, failed }: ReturnReason,
  check: (release: string) => Promise<void> = async () => undefined,
  folder = releasesFolder,
): Promise<string> {
  let returned = "";
  await changeLock(
    environment,
    async (current) => {
      if (failed !== undefined && current?.release !== failed) {
        throw new Error(
          `the lock of ${environment} must name release ${failed}, which failed (${reason}), got ${current?.release ?? "no lock"}, which came meanwhile; npm run up -- --stack ${environment} deploys that one`,
        );
      }
      const lock = current && returnedLock(current);
      if (!lock) {
        throw new Error(
          `${environment} must have run a verified release before the present one, found none; promote one with npm run promote`,
        );
      }
      const [from, to] = [current.release, lock.release].map((id) => readRelease(id, folder));
      if (!readVerification({ release: lock.release, environment }, folder)) {
        throw new Error(
          `release ${lock.release} must be verified in ${environment}, found no record; restore releases/ from Git`,
        );
      }
      const obstacle = obstacleBack(migrated ?? from!.migrations, to!.migrations);
      if (obstacle) {
        throw new Error(
          `${environment} must not go back from release ${current.release} to ${lock.release}: ${obstacle}`,
        );
      }
      await check(lock.release);
      await beginReturn(environment, lock.release);
      returned = lock.release;
      return {
        lock,
        change: changeNow({
          kind: "rollback",
          environment,
          subject: lock.release,
          ...(actor !== undefined && { actor }),
          details: { from: current.release, reason },
        }),
      };
    },
    folder,
  );
  return returned;
}
