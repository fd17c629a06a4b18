import type { CampaignRule, CampaignSpec, JourneyStep } from "../../services/contract/campaign.ts";

/** What a campaign is, in a marketer's words, by what each sentence is about. */
export function campaignWords(spec: CampaignSpec): Record<string, string> {
  const { window, audience, frequencyCap, quietHours, suppressionLists, goal, budget } = spec;
  return {
    Owner: spec.owner,
    Purpose: spec.purpose,
    When: `from ${window.from} to ${window.to}, ${window.timeZone}`,
    "For whom": [
      audience.all.map(ruleWords).join(", and ") || "everybody",
      ...(audience.none ?? []).map((rule) => `but not those with ${ruleWords(rule)}`),
    ].join(", "),
    Consent: `people who granted ${spec.consentBasis.join(" and ")}`,
    Languages: spec.locales.join(", "),
    Content: Object.entries(spec.content)
      .map(([name, { type, slug, variant }]) => `${name}: ${type} ${slug} ${variant ?? ""}`.trim())
      .join("; "),
    Variants: spec.variants
      .map(({ name, percent, content }) => {
        const shows = Object.entries(content ?? {}).map(([slot, other]) => `${other} for ${slot}`);
        return `${name} ${percent} %${shows.length > 0 ? `, with ${shows.join(", ")}` : ""}`;
      })
      .join("; "),
    Channels: Object.entries(spec.channels)
      .map(([name, { kind, from }]) => `${name}: ${kind}${from ? ` from ${from}` : ""}`)
      .join("; "),
    Journey: [
      spec.journey.startsWith ? `begins with ${spec.journey.startsWith}` : "begins with the window",
      ...spec.journey.steps.map(stepWords),
    ].join("; "),
    Limits: [
      ...(frequencyCap
        ? [`at most ${frequencyCap.messages} messages in ${frequencyCap.days} days`]
        : []),
      ...(quietHours ? [`nothing from ${quietHours.from} to ${quietHours.to}`] : []),
      ...(suppressionLists?.length ? [`never to ${suppressionLists.join(", ")}`] : []),
    ].join("; "),
    Goal: `${goal.event} within ${goal.withinDays} days, a difference of ${goal.effectPercent} points counts`,
    "Guard rails": (spec.guardRails ?? [])
      .map(({ event, harm }) => `not ${harm} ${event}`)
      .join("; "),
    "Roll-out": spec.rollout
      .map(({ percent, gate }) => {
        const people = gate?.people ? ` and ${gate.people} people` : "";
        return `${percent} %${gate ? ` for at least ${gate.hours} h${people}` : ""}`;
      })
      .join(", then "),
    Cost: [
      `at most ${budget.daily} ${budget.currency} a day and ${budget.total} ${budget.currency} in all`,
      ...Object.entries(spec.channels).flatMap(([name, { costPerThousand: cost }]) =>
        cost ? [`${name} ${cost} ${budget.currency} a thousand`] : [],
      ),
    ].join("; "),
  };
}

function ruleWords({ trait, event, oneOf, atLeast, atMost, withinDays }: CampaignRule): string {
  const bounds = [
    ...(oneOf ? [`one of ${oneOf.join(", ")}`] : []),
    ...(atLeast !== undefined ? [`at least ${atLeast}`] : []),
    ...(atMost !== undefined ? [`at most ${atMost}`] : []),
  ].join(" and ");
  if (trait) return `${trait} ${bounds}`;
  return `${bounds} ${event}${withinDays ? ` in ${withinDays} days` : ""}`;
}

function stepWords({ name, send, wait, branch, end }: JourneyStep): string {
  if (send) return `${name}: send ${send.content} by ${send.channel}`;
  if (wait) {
    const parts = [
      ...(wait.days ? [`${wait.days} days`] : []),
      ...(wait.hours ? [`${wait.hours} hours`] : []),
      ...(wait.at ? [`until ${wait.at}`] : []),
    ];
    return `${name}: wait ${parts.join(" ")}`;
  }
  if (branch) {
    const otherwise = branch.otherwise ? `, else to ${branch.otherwise}` : "";
    return `${name}: if ${branch.if.map(ruleWords).join(" and ")} on to ${branch.then}${otherwise}`;
  }
  return `${name}: end (${end})`;
}
