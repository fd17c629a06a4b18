import { npmRun } from "./command.ts";
import { configure, succeeded } from "./stack.ts";

/** Names of the stacks that are shared, one for each worker of jest. */
export const PLAIN_STACKS = /^test-plain-\d+$/;

const worker = Number(process.env.JEST_WORKER_ID ?? 1);

/** The stack that is shared by the tests of a worker which leave it such that `up` sets it right; it goes when all tests have ended. */
export const PLAIN_STACK = `test-plain-${worker}`;

/**
 * Brings the shared stack to what its configuration says, as every test of it finds it.
 *
 * @param config what else its configuration says; the next test brings it back without.
 */
export async function bringUpPlainStack(config: Record<string, unknown> = {}): Promise<void> {
  configure(PLAIN_STACK, { portBase: 30780 + 10 * worker, ...config });
  succeeded(await npmRun("up", ["--stack", PLAIN_STACK]));
}
