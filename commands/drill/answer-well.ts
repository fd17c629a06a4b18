import { setTimeout as delay } from "node:timers/promises";

/** For how long requests that end well are sent, in milliseconds, and how many at a time. */
const LASTS = 60_000;
const AT_A_TIME = 8;

/** How long to wait for a service that was just started, in milliseconds. */
const PAUSE = 250;

/**
 * Asks a service for what it does not have, thousands of times: an answer below 500 each. Beside so many the errors of a drill are few, which
 * an error budget would else remember for half an hour.
 */
export async function answerWell(service: string): Promise<void> {
  const until = Date.now() + LASTS;
  const url = new URL("/drill", service);
  const ask = async (): Promise<void> => {
    while (Date.now() < until) {
      await fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
        (answer) => answer.arrayBuffer(),
        () => delay(PAUSE),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, ask));
}
