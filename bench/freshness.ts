import { setTimeout as delay } from "node:timers/promises";
import { openJourneyStand } from "../tests/services/worker/journeys/journey-stand.ts";
import { median, report, round } from "./measure.ts";

// Time from an event in the event log to the message that it leads to, at a receiver: profile, audience, journey and sending by
// one worker. The aim, 10 s, is for the first two.
const PEOPLE = 60;

const stand = await openJourneyStand();
try {
  await stand.start();
  const seconds: number[] = [];
  for (let index = 0; index <= PEOPLE; index += 1) {
    const person = `fresh-${index}`;
    await stand.signUp([person]);
    const begun = performance.now();
    while (!stand.told().has(`user:${person}`)) await delay(5);
    // The first one also waits for the worker to begin.
    if (index > 0) seconds.push((performance.now() - begun) / 1000);
  }
  seconds.sort((a, b) => a - b);
  report("freshness", {
    people: PEOPLE,
    medianSeconds: round(median(seconds)),
    p99Seconds: round(seconds[Math.floor(0.99 * seconds.length)]!),
  });
} finally {
  await stand.stop();
}
