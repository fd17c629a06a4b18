import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { campaignNews } from "../../../commands/digest/campaign-news.ts";
import { markdown } from "../../../commands/digest/markdown.ts";
import type { CampaignSpec } from "../../../services/contract/campaign.ts";
import { digest } from "./digests.ts";

const type = "kubernetes:marketing.stack/v1alpha1:Campaign";
const sale = parse(readFileSync("campaigns/spring-sale.yaml", "utf8")) as CampaignSpec;
const welcome = parse(readFileSync("campaigns/welcome.yaml", "utf8")) as CampaignSpec;
const inputs = (name: string, spec: CampaignSpec) => ({ metadata: { name }, spec });

function section(news: ReturnType<typeof campaignNews>): string[] {
  const lines = markdown(digest([], { campaigns: news })).split("\n");
  const from = lines.indexOf("## Campaigns");
  return from < 0 ? [] : lines.slice(from + 2, lines.indexOf("", from + 2));
}

test("a new campaign is told whole: when, for whom, how and at what cost", () => {
  const after = inputs("spring-sale", sale);
  expect(section(campaignNews([{ type, before: undefined, after }]))).toEqual([
    "- **new** `spring-sale`",
    "  - Owner: `carmen@olivarluz.example`",
    "  - Purpose: `Sell the last bottles of Arbequina before the new harvest, and find out whether a discount or free shipping sells more.`",
    "  - When: `from 2027-03-20 09:00 to 2027-05-01 00:00, Europe/Madrid`",
    "  - For whom: `people with page at least 2 times in the last 90 days, but nobody with Order Completed at least once in the last 14 days`",
    "  - Consent: `people who granted analytics and personalization`",
    "  - Languages: `en, es`",
    "  - Content: `offer: landing-page spring-sale a; free-shipping: landing-page spring-sale b`",
    "  - Variants: `discount 50 %; shipping 50 %, with free-shipping in place of offer`",
    "  - Channels: `shop: web`",
    "  - Journey: `begins with the window; show-offer`",
    "  - Step show-offer: `send offer by shop`",
    "  - Goal: `Order Completed within 14 days, a difference of 2 percentage points is worth finding`",
    "  - Guard rails: `a variant with more Order Refunded is taken back`",
    "  - Roll-out: `5 % of the audience for at least 24 hours and 200 people, then 25 % for at least 48 hours and 1000 people, then 100 %`",
    "  - Cost: `at most 20 EUR a day and 400 EUR in all`",
  ]);
});

test("a changed campaign tells what changes", () => {
  const changed: CampaignSpec = {
    ...welcome,
    journey: {
      ...welcome.journey,
      steps: welcome.journey.steps.flatMap((step) => {
        if (step.name === "customer") return [];
        return step.wait ? [{ ...step, wait: { days: 5 } }] : [step];
      }),
    },
    budget: { ...welcome.budget, daily: 8 },
    quietHours: undefined,
  } as never;
  const before = inputs("welcome", welcome);
  const after = inputs("welcome", changed);
  expect(section(campaignNews([{ type, before, after }]))).toEqual([
    "- **changed** `welcome`",
    "  - Journey: `begins with Signed Up; greet, let-them-taste, ordered-yet, remind, reminded, customer` → `begins with Signed Up; greet, let-them-taste, ordered-yet, remind, reminded`",
    "  - Step let-them-taste: `wait 3 days until 09:00` → `wait 5 days`",
    "  - Limits: `at most 3 messages of all campaigns to a person in 7 days; nothing from 21:00 to 08:00; nothing to who is on a list of bounced, complained` → `at most 3 messages of all campaigns to a person in 7 days; nothing to who is on a list of bounced, complained`",
    "  - Cost: `at most 5 EUR a day and 900 EUR in all; letters cost 0.5 EUR a thousand, so at most 10000 a day` → `at most 8 EUR a day and 900 EUR in all; letters cost 0.5 EUR a thousand, so at most 16000 a day`",
    "  - Step customer: `end: ordered by themselves` → nothing",
  ]);
});

const everything: CampaignSpec = {
  ...welcome,
  channels: {
    ...welcome.channels,
    team: { kind: "chat", secret: "team-chat", costPerThousand: 2 },
  },
  audience: {
    all: [
      { trait: "country", oneOf: ["ES", "PT"] },
      { trait: "age", atLeast: 18, atMost: 90 },
      { event: "page", atLeast: 2, atMost: 9, withinDays: 30 },
    ],
  },
};

test.each([
  ["spring-sale", sale],
  ["welcome", welcome],
  ["one with everything", everything],
])("no change of any value of %s goes untold", (_name, spec) => {
  const untold = leavesOf(spec).filter((path) => {
    const after = structuredClone(spec) as unknown as Mutable;
    const parent = path.slice(0, -1).reduce((part, key) => part[key] as Mutable, after);
    const value = parent[path.at(-1)!];
    parent[path.at(-1)!] = typeof value === "number" ? value + 1 : `${String(value)}x`;
    const [news] = campaignNews([
      { type, before: inputs("c", spec), after: inputs("c", after as unknown as CampaignSpec) },
    ]);
    return news!.says.length === 0;
  });
  expect(untold).toEqual([]);
});

type Mutable = Record<string, unknown>;

/** Paths of all values that hold no others. */
function leavesOf(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [[]];
  return Object.entries(value).flatMap(([key, part]) =>
    leavesOf(part).map((path) => [key, ...path]),
  );
}

test("an ended campaign tells what it was for", () => {
  const before = inputs("welcome", welcome);
  expect(section(campaignNews([{ type, before, after: undefined }]))).toEqual([
    "- **ended** `welcome`: what is due to people is dropped",
    `  - Purpose: \`${welcome.purpose}\``,
  ]);
});

test("what is no campaign, or stays as it is, is no news", () => {
  const same = inputs("welcome", welcome);
  expect(
    campaignNews([
      { type, before: same, after: structuredClone(same) },
      { type: "kubernetes:core/v1:Namespace", before: undefined, after: same },
    ]),
  ).toEqual([]);
});
