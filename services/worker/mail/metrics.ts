import { Counter, type Registry } from "prom-client";
import type { MailCount } from "./counts.ts";

/**
 * Adds what became of mails to a registry, from 0 for every campaign.
 *
 * It is counted anew at each scrape, so a restarted worker goes on where it was. Each replica tells the same: take the largest
 * over pods, not their sum.
 *
 * @param read throws while PostgreSQL is away: the last known numbers stay then.
 */
export function addMailMetrics(
  registry: Registry,
  read: () => Promise<readonly MailCount[]>,
): void {
  const mails = new Counter({
    name: "mkt_mail_messages_total",
    help: "Mails of a campaign by what became of them: sent, failed, unknown, withheld; also bounced, complained, unsubscribed.",
    labelNames: ["campaign", "outcome"],
    registers: [registry],
    async collect() {
      const counts = await read().catch(() => undefined);
      if (!counts) return;
      mails.reset();
      for (const { campaign, outcome, mails: count } of counts) {
        mails.inc({ campaign, outcome }, count);
      }
    },
  });
}
