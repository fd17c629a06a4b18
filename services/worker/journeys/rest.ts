import type { Channel as DeclaredChannel } from "../../contract/campaign.ts";

/** Which connectors' systems asked to be left alone, and until when. */
export interface Rest {
  /** Leaves a connector's system alone for some seconds from now on. */
  ask(channel: DeclaredChannel, seconds: number): void;
  /** Seconds for which it is to be left alone; 0 if it is not. */
  secondsLeft(channel: DeclaredChannel): number;
}

/** None yet. */
export function noRest(): Rest {
  const until = new Map<string, number>();
  return {
    ask({ secret }, seconds) {
      // Behind one that is no connector are many systems: a mail server defers a recipient, not all.
      if (secret) until.set(secret, performance.now() + seconds * 1000);
    },
    secondsLeft: ({ secret }) =>
      Math.max(0, ((until.get(secret ?? "") ?? 0) - performance.now()) / 1000),
  };
}
