import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";

/** What can happen to an environment. */
export type ChangeKind =
  | "deploy"
  | "promotion"
  | "rollback"
  | "gate"
  | "incident"
  | "backup"
  | "restore"
  | "restore-drill"
  | "drift";

/** What happens to an environment and is kept for good: one row of `ledger.change`. */
export interface Change {
  /** UUID: the same row is recorded once, however often it is sent. */
  readonly id: string;
  readonly kind: ChangeKind;
  readonly environment: string;
  /** What it happened to: a release's id, a gate's name, …; the environment where it has no other name. */
  readonly subject: string;
  /** Who did it: the login of a person or of a CI system; `gates` for an automatic return. */
  readonly actor: string;
  /** RFC 3339 in UTC. */
  readonly occurredAt: string;
  /** What else is known, by the kind; `reason` in words where there is one. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** A change that happens now, by whoever runs this command. */
export function changeNow(
  change: Pick<Change, "kind" | "environment" | "subject" | "details"> &
    Partial<Pick<Change, "actor">>,
): Change {
  return { actor: whoever(), ...change, id: randomUUID(), occurredAt: new Date().toISOString() };
}

/** Login of the person for whom a CI system runs, or of this machine's user. */
function whoever(): string {
  const { GITHUB_ACTOR, GITLAB_USER_LOGIN, BUILD_USER_ID } = process.env;
  return GITHUB_ACTOR || GITLAB_USER_LOGIN || BUILD_USER_ID || userInfo().username;
}
