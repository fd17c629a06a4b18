import type { CampaignRule, CampaignSpec, JourneyStep } from "../../services/contract/campaign.ts";

/** What a campaign is, in a marketer's words, by what each sentence is about. */
export function campaignWords(spec: CampaignSpec): Record<string, string> {
  const { window, audience, frequencyCap, quietHours, suppressionLists, goal, budget } = spec;
  return {
    Owner: spec.owner,
    Purpose: spec.purpose,
    When: `from ${window.from} to ${window.to}, ${window.timeZone}`,
    "For whom": [
      audience.all.length > 0
        ? `people with ${audience.all.map(ruleWords).join(", and with ")}`
        : "everybody",
      ...(audience.none ?? []).map((rule) => `but nobody with ${ruleWords(rule)}`),
    ].join(", "),
    Consent: `people who granted ${spec.consentBasis.join(" and ")}`,
    Languages: spec.locales.join(", "),
    Content: Object.entries(spec.content)
      .map(([name, { type, slug, variant }]) => `${name}: ${type} ${slug} ${variant ?? ""}`.trim())
      .join("; "),
    Variants: spec.variants
      .map(({ name, percent, content }) => {
        const shows = Object.entries(content ?? {}).map(
          ([slot, other]) => `${other} in place of ${slot}`,
        );
        return `${name} ${percent} %${shows.length > 0 ? `, with ${shows.join(", ")}` : ""}`;
      })
      .join("; "),
    Channels: Object.entries(spec.channels)
      .map(([name, { kind, from, secret }]) => {
        const by = secret ? ` by ${secret}` : "";
        return `${name}: ${kind}${from ? ` from ${from}` : ""}${by}`;
      })
      .join("; "),
    Journey: `begins with ${spec.journey.startsWith ?? "the window"}; ${spec.journey.steps.map(({ name }) => name).join(", ")}`,
    ...Object.fromEntries(
      spec.journey.steps.map((step) => [`Step ${step.name}`, stepWords(step)] as const),
    ),
    Limits: [
      ...(frequencyCap
        ? [
            `at most ${frequencyCap.messages} messages of all campaigns to a person in ${frequencyCap.days} days`,
          ]
        : []),
      ...(quietHours ? [`nothing from ${quietHours.from} to ${quietHours.to}`] : []),
      ...(suppressionLists?.length
        ? [`nothing to who is on a list of ${suppressionLists.join(", ")}`]
        : []),
    ].join("; "),
    Goal: `${goal.event} within ${goal.withinDays} days, a difference of ${goal.effectPercent} percentage points is worth finding`,
    "Guard rails": (spec.guardRails ?? [])
      .map(({ event, harm }) => `a variant with ${harm} ${event} is taken back`)
      .join("; "),
    "Roll-out": spec.rollout
      .map(({ percent, gate }, index) => {
        const people = gate?.people ? ` and ${gate.people} people` : "";
        return `${percent} %${index === 0 ? " of the audience" : ""}${gate ? ` for at least ${gate.hours} hours${people}` : ""}`;
      })
      .join(", then "),
    Cost: [
      `at most ${budget.daily} ${budget.currency} a day and ${budget.total} ${budget.currency} in all`,
      ...Object.entries(spec.channels).flatMap(([name, { costPerThousand: cost }]) =>
        cost
          ? [
              `${name} cost ${cost} ${budget.currency} a thousand, so at most ${Math.floor((budget.daily * 1000) / cost)} a day`,
            ]
          : [],
      ),
    ].join("; "),
  };
}

function ruleWords({ trait, event, oneOf, atLeast, atMost, withinDays }: CampaignRule): string {
  const amount = (number: number): string => (event ? timesWords(number) : String(number));
  const bounds = [
    ...(oneOf ? [`one of ${oneOf.join(", ")}`] : []),
    ...(atLeast !== undefined ? [`at least ${amount(atLeast)}`] : []),
    ...(atMost !== undefined ? [`at most ${amount(atMost)}`] : []),
  ];
  const days = withinDays ? ` in the last ${withinDays} days` : "";
  return `${trait ?? event} ${bounds.join(" and ")}${days}`;
}

function timesWords(times: number): string {
  return times === 1 ? "once" : `${times} times`;
}

function stepWords({ send, wait, branch, end }: JourneyStep): string {
  if (send) return `send ${send.content} by ${send.channel}`;
  if (wait) {
    const parts = [
      ...(wait.days ? [`${wait.days} days`] : []),
      ...(wait.hours ? [`${wait.hours} hours`] : []),
      ...(wait.at ? [`until ${wait.at}`] : []),
    ];
    return `wait ${parts.join(" ")}`;
  }
  if (branch) {
    const otherwise = branch.otherwise ? `, else to ${branch.otherwise}` : "";
    // What was done before does not count there.
    const rules = branch.if.map(
      (rule) => `${ruleWords(rule)}${rule.event ? ", since they came in" : ""}`,
    );
    return `if ${rules.join(" and ")}: on to ${branch.then}${otherwise}`;
  }
  return `end: ${end}`;
}
