import type { Fault } from "../fault.ts";
import { sendEvents } from "../send-event.ts";

/** How many come, at once. */
const COUNT = 200;

/** A source sends what no SDK would: bad rows. It is over by itself. */
export const badEvents: Fault<null> = {
  isExclusive: false,
  prepare: async () => null,
  async inject(stage) {
    const begun = Date.now();
    const batch = Array.from({ length: COUNT }, (_, index) => ({
      type: "nonsense",
      messageId: `drill-${begun}-${index}`,
    }));
    const status = await sendEvents(stage, batch);
    if (status !== 200) throw new Error(`the collector must take bad events, got ${status}`);
    return new Date(begun);
  },
  heal: async () => undefined,
};
