import { cmsTemplates } from "../../../../services/worker/mail/templates.ts";
import { letterCampaign } from "../campaigns/a-campaign.ts";
import { anEffect } from "../connectors/an-effect.ts";

const entry = {
  subject: "Welcome",
  body: '<mjml><mj-body><mj-section><mj-column><mj-text><a href="{{ unsubscribeUrl }}">x</a></mj-text></mj-column></mj-section></mj-body></mjml>',
};

test("a template is asked for once, in each locale", async () => {
  const asked: unknown[][] = [];
  const find = cmsTemplates({
    entry: async (...which) => {
      asked.push(which);
      return entry;
    },
  });
  const [first, second] = await Promise.all([find(anEffect()), find(anEffect())]);
  expect(first).toBeInstanceOf(Function);
  expect(second).toBe(first);
  await find(anEffect({ locale: "es" }));
  expect(asked).toEqual([
    ["email-template", "welcome", "en"],
    ["email-template", "welcome", "es"],
  ]);
});

test("a CMS that does not answer is asked again by the next letter", async () => {
  let isAway = true;
  const find = cmsTemplates({
    entry: async () => {
      if (isAway) throw new Error("503");
      return undefined;
    },
  });
  await expect(find(anEffect())).rejects.toThrow("503");
  isAway = false;
  expect(await find(anEffect())).toBeUndefined();
});

test("content that is no letter, and a template that is broken, say so", async () => {
  const find = cmsTemplates({ entry: async () => ({ ...entry, subject: "" }) });
  expect(await find(anEffect())).toEqual({ problem: "subject must be set, got nothing" });
  const spec = letterCampaign({ content: { welcome: { type: "page", slug: "welcome" } } });
  expect(await find(anEffect({ spec, locale: "es" }))).toEqual({
    problem: 'type must be email-template, got "page"',
  });
});

test("a page of the same slug stands in the way of no letter", async () => {
  const find = cmsTemplates({ entry: async () => entry });
  const spec = letterCampaign({ content: { welcome: { type: "page", slug: "welcome" } } });
  expect(await find(anEffect({ spec }))).toEqual({
    problem: 'type must be email-template, got "page"',
  });
  expect(await find(anEffect())).toBeInstanceOf(Function);
});
