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
    "  - For whom: `at least 2 page in 90 days, but not those with at least 1 Order Completed in 14 days`",
    "  - Consent: `people who granted analytics and personalization`",
    "  - Languages: `en, es`",
    "  - Content: `offer: landing-page spring-sale a; free-shipping: landing-page spring-sale b`",
    "  - Variants: `discount 50 %; shipping 50 %, with free-shipping for offer`",
    "  - Channels: `shop: web`",
    "  - Journey: `begins with the window; show-offer: send offer by shop`",
    "  - Goal: `Order Completed within 14 days, a difference of 2 points counts`",
    "  - Guard rails: `not more Order Refunded`",
    "  - Roll-out: `5 % for at least 24 h and 200 people, then 25 % for at least 48 h and 1000 people, then 100 %`",
    "  - Cost: `at most 20 EUR a day and 400 EUR in all`",
  ]);
});

test("a changed campaign tells what changes", () => {
  const changed: CampaignSpec = {
    ...welcome,
    journey: { ...welcome.journey, steps: welcome.journey.steps.slice(0, 1) },
    budget: { ...welcome.budget, daily: 8 },
    quietHours: undefined,
  } as never;
  const before = inputs("welcome", welcome);
  const after = inputs("welcome", changed);
  expect(section(campaignNews([{ type, before, after }]))).toEqual([
    "- **changed** `welcome`",
    "  - Journey: `begins with Signed Up; greet: send welcome by letters; let-them-taste: wait 3 days until 09:00; ordered-yet: if at least 1 Order Completed on to customer; remind: send welcome by letters; reminded: end (reminded); customer: end (ordered by themselves)` → `begins with Signed Up; greet: send welcome by letters`",
    "  - Limits: `at most 3 messages in 7 days; nothing from 21:00 to 08:00; never to bounced, complained` → `at most 3 messages in 7 days; never to bounced, complained`",
    "  - Cost: `at most 5 EUR a day and 900 EUR in all; letters 0.5 EUR a thousand` → `at most 8 EUR a day and 900 EUR in all; letters 0.5 EUR a thousand`",
  ]);
});

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
