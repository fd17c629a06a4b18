/** How often a condition is looked at again, in milliseconds. */
const INTERVAL = 250;

/**
 * Waits until `condition` returns a value other than undefined and false.
 *
 * @throws Error naming `what`, the time waited and the last failure when `seconds` have passed.
 */
export async function waitFor<T>(
  what: string,
  seconds: number,
  condition: () => Promise<T | undefined>,
): Promise<Exclude<T, false>> {
  const deadline = Date.now() + seconds * 1000;
  let last = "";
  for (;;) {
    try {
      const result = await condition();
      if (result !== undefined && result !== false) return result as Exclude<T, false>;
    } catch (error) {
      last = `: ${(error as Error).message}`;
    }
    if (Date.now() > deadline) throw new Error(`${what} not within ${seconds} s${last}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}
