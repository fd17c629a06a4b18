import type { Fault } from "../fault.ts";
import { setSpoolLimit, spoolLimit } from "./spool-limit.ts";

/** More than any disk has, in bytes; the most that the collector takes. */
const BOUNDLESS = 2 ** 50;

/** The spool may hold more than its disk has room for. */
export const boundlessSpool: Fault<string> = {
  isExclusive: true,
  prepare: spoolLimit,
  async inject(stage) {
    await setSpoolLimit(stage, `${BOUNDLESS}`);
    return new Date();
  },
  heal: setSpoolLimit,
};
