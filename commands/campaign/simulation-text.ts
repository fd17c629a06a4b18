import type { CampaignSpec } from "../../services/contract/campaign.ts";
import { localTimeAt } from "../../services/contract/zoned-time.ts";
import { funnelText } from "./funnel.ts";
import type { Simulation } from "./simulate.ts";

/** How many messages are listed. */
const LISTED = 20;

/** A simulation for people: the funnel, then who gets what when. */
export function simulationText(simulation: Simulation, spec: CampaignSpec): string {
  const { campaign, people, sent, cost, entered, goals, withheld, delayed, ended } = simulation;
  const { timeZone } = spec.window;
  const { currency } = spec.budget;
  const variants = Object.entries(entered).map(
    ([variant, came]) => `${variant} ${came}, goal ${goals[variant] ?? 0}`,
  );
  const counted = (title: string, counts: Readonly<Record<string, number>>): string[] =>
    Object.keys(counts).length === 0
      ? []
      : [
          `${title}: ${Object.entries(counts)
            .map(([why, times]) => `${why} ${times}`)
            .join(", ")}`,
        ];
  const listed = sent.slice(0, LISTED).map(({ at, person, channel, content, locale, variant }) => {
    const { date, time } = localTimeAt(at, timeZone);
    return `${date} ${time}  ${person.padEnd(16)} ${channel}: ${content} (${locale}, ${variant})`;
  });
  return [
    `${campaign}: ${people} people on a simulated clock, ${sent.length} messages, ${cost.toFixed(2)} ${currency}`,
    "",
    ...funnelText(simulation),
    "",
    ...counted("not let out", withheld),
    ...counted("had to wait", delayed),
    ...counted("ended", ended),
    ...(variants.length > 0 ? [`variants: ${variants.join("; ")}`] : []),
    "",
    `who gets what when (${timeZone})`,
    ...listed,
    ...(sent.length > LISTED ? [`… and ${sent.length - LISTED} more; --json has them all`] : []),
  ].join("\n");
}
