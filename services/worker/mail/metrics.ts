import { Counter, type Registry } from "prom-client";
import { shownAnew } from "../shown-anew.ts";
import type { MailCount } from "./counts.ts";

/**
 * Adds what became of mails to a registry, from 0 for every campaign.
 *
 * @param read as for {@link shownAnew}.
 */
export function addMailMetrics(
  registry: Registry,
  read: () => Promise<readonly MailCount[]>,
): void {
  new Counter({
    name: "mkt_mail_messages_total",
    help: "Mails of a campaign by what became of them: sent, failed, unknown, withheld; also bounced, complained, unsubscribed.",
    labelNames: ["campaign", "outcome"],
    registers: [registry],
    collect: shownAnew(read, (counts) =>
      counts.map(({ campaign, outcome, mails }) => [{ campaign, outcome }, mails]),
    ),
  });
}
