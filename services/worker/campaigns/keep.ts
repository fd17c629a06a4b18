import { repeat, type Repeated } from "../repeat.ts";
import { look } from "./kill-switch.ts";
import { round, type RoundContext } from "./round.ts";

/** Time between two looks at the kill switch, and between two rounds over the campaigns, in milliseconds. */
const INTERVAL = 2000;

/** Keeps the campaigns as the cluster has them, through failures of either, until it is stopped. */
export function keepCampaigns(context: RoundContext): Repeated[] {
  const { pool, cluster, log } = context;
  const every = (what: string) => ({ what, interval: INTERVAL, log });
  // By itself: however long a round takes, the kill switch is looked at.
  return [
    repeat(every("the kill switch is read"), () => look(pool, cluster)),
    repeat(every("campaigns are reconciled"), () => round(context).then(() => undefined)),
  ];
}
