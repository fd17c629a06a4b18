import { isContract, type Migrations } from "../../stacks/migrations.ts";

/** Migrations that `to` has and `from` has not, as `<service>/<file>`, in order. */
export function missingMigrations(from: Migrations, to: Migrations): string[] {
  return Object.entries(to).flatMap(([service, files]) =>
    files.filter((file) => !from[service]?.includes(file)).map((file) => `${service}/${file}`),
  );
}

/**
 * Why an environment at the migrations `from` cannot get those of `to` while both versions of the services run side by side.
 *
 * A release goes forward: it has every migration that was run. One that contracts (`<number>-<what>.contract.sql`) takes away
 * what older versions use, so all that comes before it must run already, with the services that no longer need the old form.
 *
 * @returns undefined if it can.
 */
export function obstacleForward(from: Migrations, to: Migrations): string | undefined {
  const lost = missingMigrations(to, from);
  if (lost.length > 0) {
    return `its migrations must be at least those that were run, got none of ${lost.join(", ")}; seal a release of a later commit, or go back with npm run rollback`;
  }
  for (const [service, files] of Object.entries(to)) {
    const next = files.filter((file) => !from[service]?.includes(file));
    const contract = next.findIndex(isContract);
    if (contract > 0) {
      return `the contracting migration ${service}/${next[contract]} must come in a later promotion than what it completes, got ${next.slice(0, contract).join(", ")} in the same one; promote a release without it first`;
    }
  }
  return undefined;
}

/**
 * Why an environment at the migrations `from` cannot return to a release that knows those of `to` only.
 *
 * Tables stay as they are, so an older release runs on newer ones, unless a migration took something away.
 *
 * @returns undefined if it can.
 */
export function obstacleBack(from: Migrations, to: Migrations): string | undefined {
  const undone = missingMigrations(to, from).filter(isContract);
  if (undone.length === 0) return undefined;
  return `${undone.join(", ")} cannot be undone: it took away what that release uses; seal and promote a release that repairs the fault instead`;
}
