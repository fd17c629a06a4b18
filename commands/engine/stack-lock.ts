import { basename, join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { withFreeLock } from "../../local/toolchain/lock.ts";

/** Who changes a stack. */
interface Holder {
  readonly pid: number;
  /** As it was called: `npm run up -- --stack prod`. */
  readonly command: string;
  /** RFC 3339 in UTC. */
  readonly since: string;
}

/**
 * Runs `work` while no other command of this machine changes a stack, or the release that it is to run. The engine's own lock
 * is held only while the engine runs: not while a canary is watched, nor while a stack is proved.
 *
 * Nobody waits: what the other one leaves may not be what this one was meant for.
 *
 * @throws Error naming the command that changes the stack, and how to end it; nothing of `work` was done then.
 */
export async function withStackLock<T>(stack: string, work: () => Promise<T>): Promise<T> {
  const self: Holder = {
    pid: process.pid,
    command: calledAs(process.argv),
    since: new Date().toISOString(),
  };
  const path = join(statePath, "stacks", stack, "deploy.lock");
  const held = { note: JSON.stringify(self), heldBy: (note: string) => refusal(stack, note) };
  return withFreeLock(path, held, work);
}

function refusal(stack: string, note: string): Error {
  // Between taking the lock and saying so there is a moment.
  if (note === "") {
    return new Error(`stack ${stack} has begun to be changed by another command; run this again`);
  }
  const { pid, command, since } = JSON.parse(note) as Holder;
  return new Error(
    `stack ${stack} is being changed by process ${pid} of ${command} since ${since}; wait until it has ended, or end it (Ctrl-C there, or kill ${pid}), then run this again`,
  );
}

/** The command line of a command, as somebody types it. */
function calledAs([, script = "", ...args]: readonly string[]): string {
  return ["npm run", basename(script, ".ts"), ...(args.length > 0 ? ["--", ...args] : [])].join(
    " ",
  );
}
