import { findingsOf, type Surroundings } from "../../../../services/worker/campaigns/checks.ts";
import { letterCampaign } from "./a-campaign.ts";
import { webCampaign } from "./web-campaign.ts";

const around: Surroundings = {
  now: new Date("2027-01-01T00:00:00Z"),
  published: {
    page: [],
    "landing-page": ["en", "es"].flatMap((locale) => [
      { slug: "sale", variant: "a", locale },
      { slug: "sale", variant: "b", locale },
    ]),
    "email-template": [{ slug: "welcome", locale: "en" }],
  },
  hasMail: true,
  connectors: new Map([
    ["team-chat", "chat"],
    ["crm", "crm"],
  ]),
};

test("nothing is wrong with a campaign whose content is published in every locale", () => {
  const none = { content: [], channels: [], window: [] };
  expect(findingsOf(webCampaign(), around, true)).toEqual(none);
  expect(findingsOf(letterCampaign({ locales: ["en"] }), around, true)).toEqual(none);
});

test("says of each field what is wrong, with its value and the remedy", () => {
  const spec = letterCampaign({
    window: { timeZone: "UTC", from: "2026-01-01 00:00", to: "2027-01-01 00:00" },
    content: {
      welcome: { type: "email-template", slug: "welcome" },
      offer: { type: "landing-page", slug: "sale", variant: "c" },
    },
    channels: {
      post: { kind: "crm", secret: "team-chat" },
      team: { kind: "chat", secret: "team-chat" },
      partner: { kind: "webhook", secret: "partner" },
    },
  });
  expect(findingsOf(spec, around, true)).toEqual({
    content: [
      'content.welcome must be published in every one of locales, got email-template "welcome" without es; publish it in the CMS',
      'content.offer must be published in every one of locales, got landing-page "sale", variant "c", without en, es; publish it in the CMS',
    ],
    channels: [
      'channels.post.secret must be one of this environment\'s connectors for crm (crm), got "team-chat"; configure it in connectors, or take the channel out',
      'channels.partner.secret must be one of this environment\'s connectors for webhook (there is none), got "partner"; configure it in connectors, or take the channel out',
    ],
    window: [
      'window.to must be in the future as long as the campaign is new, got "2027-01-01 00:00"; move the window, or delete the file',
    ],
  });
});

test("letters are refused where no mail server is configured, and what is shown on the web is not", () => {
  const bare = { ...around, hasMail: false };
  expect(findingsOf(webCampaign(), bare, true).channels).toEqual([]);
  expect(findingsOf(letterCampaign(), bare, true).channels).toEqual([
    "channels.letters.kind must not be email where no mail server is configured, got email; set smtpUrl, or take the channel out",
  ]);
});

test("a campaign that runs may be ended by its window", () => {
  const window = { timeZone: "UTC", from: "2026-01-01 00:00", to: "2026-12-01 00:00" };
  expect(findingsOf(webCampaign({ window }), around, false).window).toEqual([]);
});
