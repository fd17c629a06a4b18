import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { clonePath } from "../../../local/paths.ts";

/** What is wrong, which fields are made so (undefined: left out), and the fields that mistakes are reported of. */
export type WrongCampaign = readonly [
  title: string,
  changes: Readonly<Record<string, unknown>>,
  fields: readonly string[],
];

/** `campaigns/welcome.yaml` with some fields changed, by dotted path. */
export function welcomeWith(changes: Readonly<Record<string, unknown>>): object {
  const spec = parse(readFileSync(join(clonePath, "campaigns", "welcome.yaml"), "utf8")) as object;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop()!;
    let holder = spec as Record<string, unknown>;
    for (const key of keys) holder = holder[key] as Record<string, unknown>;
    if (value === undefined) Reflect.deleteProperty(holder, last);
    else holder[last] = value;
  }
  return spec;
}

const half = { name: "half", percent: 50 };
const send = { channel: "letters", content: "welcome" };

/** Campaigns that neither lint nor the API server may take. */
export const wrongCampaigns: readonly WrongCampaign[] = [
  ["without an owner", { owner: undefined }, ["owner"]],
  ["an owner who is no address", { owner: "Carmen" }, ["owner"]],
  ["an empty purpose", { purpose: "" }, ["purpose"]],
  ["a number for a text", { purpose: 7 }, ["purpose"]],
  ["a list for fields", { window: [] }, ["window"]],
  ["a window that ends first", { "window.to": "2027-01-01 00:00" }, ["window"]],
  ["a window of no length", { "window.to": "2027-01-11 09:00" }, ["window"]],
  ["a time zone that nobody has", { "window.timeZone": "Europe/Atlantis" }, ["window.timeZone"]],
  ["an offset for a time zone", { "window.timeZone": "+01:00" }, ["window.timeZone"]],
  ["a day that does not exist", { "window.from": "2027-02-29 09:00" }, ["window.from"]],
  ["an hour that does not exist", { "window.from": "2027-02-02 24:00" }, ["window.from"]],
  ["a time in another form", { "window.from": "next Monday" }, ["window.from"]],
  ["a rule on nothing", { "audience.all": [{ atLeast: 1 }] }, ["audience.all[0]"]],
  [
    "a rule on two things",
    { "audience.all": [{ trait: "a", event: "b", atLeast: 1 }] },
    ["audience.all[0]"],
  ],
  ["a rule that asks nothing", { "audience.all": [{ trait: "a" }] }, ["audience.all[0]"]],
  [
    "a rule that nobody meets",
    { "audience.all": [{ trait: "a", atLeast: 2, atMost: 1 }] },
    ["audience.all[0]"],
  ],
  [
    "texts for an event",
    { "audience.all": [{ event: "a", atLeast: 1, oneOf: ["x"] }] },
    ["audience.all[0]"],
  ],
  [
    "days for a trait",
    { "audience.all": [{ trait: "a", atLeast: 1, withinDays: 3 }] },
    ["audience.all[0]"],
  ],
  ["half a time", { "audience.all": [{ event: "a", atLeast: 0.5 }] }, ["audience.all[0].atLeast"]],
  ["a purpose that nobody grants", { consentBasis: ["spam"] }, ["consentBasis[0]"]],
  ["e-mail without consent to it", { consentBasis: ["analytics"] }, ["consentBasis"]],
  ["the web without consent to it", { "channels.shop": { kind: "web" } }, ["consentBasis"]],
  ...["all", "none"].map((part): WrongCampaign => [
    `a trait in ${part} that the edge cannot know, on the web`,
    {
      "channels.shop": { kind: "web" },
      consentBasis: ["email", "personalization"],
      [`audience.${part}`]: [{ trait: "country-code", oneOf: ["ES"] }],
    },
    ["audience"],
  ]),
  [
    "a CRM without consent to it",
    { "channels.crm": { kind: "crm", secret: "crm" } },
    ["consentBasis"],
  ],
  ["a locale twice", { locales: ["en", "en"] }, ["locales[1]"]],
  ["no locale", { locales: [] }, ["locales"]],
  ["no content", { content: {}, "journey.steps": [{ name: "a", end: "b" }] }, ["content"]],
  ["a variant of a letter", { "content.welcome.variant": "a" }, ["content.welcome"]],
  ["an upper-case slug", { "content.welcome.slug": "Welcome" }, ["content.welcome.slug"]],
  ["percents that do not sum up", { variants: [half] }, ["variants"]],
  ["a variant twice", { variants: [half, half] }, ["variants[1]"]],
  [
    "a variant that shows nothing known",
    { variants: [{ name: "a", percent: 100, content: { welcome: "unknown" } }] },
    ["variants"],
  ],
  [
    "a variant in place of nothing known",
    { variants: [{ name: "a", percent: 100, content: { unknown: "welcome" } }] },
    ["variants"],
  ],
  ["e-mail from nobody", { "channels.letters.from": undefined }, ["channels.letters"]],
  ["a chat without a secret", { "channels.chat": { kind: "chat" } }, ["channels.chat"]],
  ["a letter with a secret", { "channels.letters.secret": "smtp" }, ["channels.letters"]],
  ["an unknown kind of channel", { "channels.letters.kind": "fax" }, ["channels.letters.kind"]],
  [
    "costs below nothing",
    { "channels.letters.costPerThousand": -1 },
    ["channels.letters.costPerThousand"],
  ],
  ["a send by no channel", { "journey.steps.0.send.channel": "pigeons" }, ["journey"]],
  [
    "a send by what every object has",
    { "journey.steps.0.send.channel": "constructor" },
    ["journey"],
  ],
  ["a send of nothing known", { "journey.steps.0.send.content": "constructor" }, ["journey"]],
  ["a page by e-mail", { "content.welcome.type": "page" }, ["journey"]],
  ["a step that does nothing", { "journey.steps.1.wait": undefined }, ["journey.steps[1]"]],
  ["a step that does two things", { "journey.steps.0.end": "over" }, ["journey.steps[0]"]],
  ["a wait for nothing", { "journey.steps.1.wait": {} }, ["journey.steps[1].wait"]],
  [
    "a wait until no time of day",
    { "journey.steps.1.wait.at": "9 am" },
    ["journey.steps[1].wait.at"],
  ],
  ["a branch to nowhere", { "journey.steps.2.branch.then": "unknown" }, ["journey.steps"]],
  ["a branch back", { "journey.steps.2.branch.then": "greet" }, ["journey.steps"]],
  ["a branch to itself", { "journey.steps.2.branch.then": "ordered-yet" }, ["journey.steps"]],
  ["an other branch back", { "journey.steps.2.branch.otherwise": "greet" }, ["journey.steps"]],
  ["a branch on nothing", { "journey.steps.2.branch.if": [] }, ["journey.steps[2].branch.if"]],
  ["a step twice", { "journey.steps.1": { name: "greet", send } }, ["journey.steps[1]"]],
  [
    "21 steps",
    { "journey.steps": [...Array(21).keys()].map((n) => ({ name: `s${n}`, send })) },
    ["journey.steps"],
  ],
  ["a quiet day", { "quietHours.to": "21:00" }, ["quietHours"]],
  ["no message at all", { "frequencyCap.messages": 0 }, ["frequencyCap.messages"]],
  ["a goal without an event", { "goal.event": undefined }, ["goal.event"]],
  ["an effect too small to find", { "goal.effectPercent": 0.05 }, ["goal.effectPercent"]],
  ["an effect of nothing", { "goal.effectPercent": 0 }, ["goal.effectPercent"]],
  ["a guard rail without a direction", { "guardRails.0.harm": "worse" }, ["guardRails[0].harm"]],
  [
    "a guard rail twice",
    {
      guardRails: [
        { event: "a", harm: "more" },
        { event: "a", harm: "fewer" },
      ],
    },
    ["guardRails[1]"],
  ],
  ["a roll-out that ends early", { rollout: [{ percent: 50, gate: { hours: 1 } }] }, ["rollout"]],
  [
    "a roll-out that shrinks",
    {
      rollout: [
        { percent: 50, gate: { hours: 1 } },
        { percent: 25, gate: { hours: 1 } },
        { percent: 100 },
      ],
    },
    ["rollout"],
  ],
  [
    "a roll-out that stands still",
    {
      rollout: [
        { percent: 50, gate: { hours: 1 } },
        { percent: 50, gate: { hours: 1 } },
        { percent: 100 },
      ],
    },
    ["rollout"],
  ],
  [
    "a step of the roll-out without a gate",
    { rollout: [{ percent: 50 }, { percent: 100 }] },
    ["rollout"],
  ],
  ["a gate at the end", { rollout: [{ percent: 100, gate: { hours: 1 } }] }, ["rollout"]],
  ["more a day than in total", { "budget.daily": 901 }, ["budget"]],
  ["a currency by its sign", { "budget.currency": "€" }, ["budget.currency"]],
  ["null for a value", { "budget.total": null }, ["budget.total"]],
];

/** Campaigns that look odd and are right. */
export const rightCampaigns: readonly (readonly [
  title: string,
  changes: Readonly<Record<string, unknown>>,
])[] = [
  ["as it is", {}],
  ["a leap day", { "window.from": "2028-02-29 09:00", "window.to": "2028-03-01 09:00" }],
  ["in UTC", { "window.timeZone": "UTC" }],
  ["in a zone of three parts", { "window.timeZone": "America/Argentina/Ushuaia" }],
  ["daily and total the same, and not whole", { "budget.daily": 0.5, "budget.total": 0.5 }],
  [
    "without what is not required",
    {
      frequencyCap: undefined,
      quietHours: undefined,
      suppressionLists: undefined,
      guardRails: undefined,
    },
  ],
  ["another branch to a later step", { "journey.steps.2.branch.otherwise": "reminded" }],
  [
    "a variant with content of its own",
    { variants: [half, { name: "other", percent: 50, content: { welcome: "welcome" } }] },
  ],
  ["an audience of everybody", { audience: { all: [] } }],
  ["any trait without the web", { "audience.none": [{ trait: "country-code", oneOf: ["ES"] }] }],
  [
    "rules on traits and events on the web",
    {
      "channels.shop": { kind: "web" },
      consentBasis: ["email", "personalization"],
      "audience.all": [
        { event: "page", atLeast: 1 },
        { trait: "plan_2", atMost: 1 },
      ],
      "audience.none": undefined,
    },
  ],
  [
    "content called as what every object has",
    { "content.constructor": { type: "page", slug: "home" } },
  ],
];
