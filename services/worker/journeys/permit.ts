/** How long it counts that an effect was let out, in milliseconds. */
const COUNTS = 3000;

/** Time between two looks at whether it still may leave, in milliseconds. */
const INTERVAL = 1000;

/** How often it is renewed at most: what has not begun to leave by then is tried again. */
const RENEWALS = 12;

/** The longest that an effect may begin to leave after it was let out, in milliseconds. */
export const LONGEST_PERMIT = RENEWALS * INTERVAL + COUNTS;

/** What was let out, for a moment that goes on as long as it still may leave. */
export interface Permit {
  /** Aborts 3 s after it was last known that it may leave. */
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * A permit.
 *
 * @param since when it was known that it may leave: milliseconds of the process's clock.
 * @param stillMay asks again; a failure counts as no.
 */
export function permit(since: number, stillMay: () => Promise<boolean>): Permit {
  const controller = new AbortController();
  let until = since + COUNTS;
  let renewals = 0;
  const isOver = (): boolean => controller.signal.reason !== undefined || performance.now() > until;
  const timer = setInterval(() => {
    if (isOver()) return controller.abort();
    if (renewals === RENEWALS) return;
    renewals += 1;
    const asked = performance.now();
    stillMay().then(
      (may) => (may ? (until = asked + COUNTS) : controller.abort()),
      () => undefined,
    );
  }, INTERVAL);
  // A process that was frozen hears of what it waited for before its timers tell it how late it is.
  const { signal } = controller;
  Object.defineProperty(signal, "aborted", { get: isOver });
  return { signal, end: () => clearInterval(timer) };
}
