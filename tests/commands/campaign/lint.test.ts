import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { SamplePerson } from "../../../commands/campaign/letter-faults.ts";
import type { LintEntry } from "../../../commands/campaign/lint-content.ts";
import { acceptedOf, type LintStack } from "../../../commands/campaign/lint-stack.ts";
import { lintText } from "../../../commands/campaign/lint-text.ts";
import { lint } from "../../../commands/campaign/lint.ts";
import type { ConfiguredChannels } from "../../../services/worker/campaigns/checks.ts";
import type { CampaignResource } from "../../../services/worker/campaigns/resource.ts";
import { campaignFiles } from "../../../stacks/campaigns/folder.ts";
import { welcomeWith } from "../../stacks/campaigns/wrong-campaigns.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "marketing-stack-campaigns-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date("2026-12-01T12:00:00Z");

function write(name: string, changes: Record<string, unknown> = {}): string {
  const path = join(folder, name);
  writeFileSync(path, stringify(welcomeWith(changes)));
  return path;
}

test("files without mistakes are named", async () => {
  const paths = [write("a.yaml"), write("b.yaml")];
  expect(await lint(paths, { now })).toEqual({
    campaigns: ["a", "b"],
    problems: [],
    warnings: [],
    audiences: [],
  });
});

test("the mistakes of all files are told", async () => {
  const paths = [write("a.yaml", { owner: "nobody" }), write("b.yaml", { locales: [] })];
  expect(await lint(paths, { now })).toEqual({
    campaigns: ["a", "b"],
    warnings: [],
    audiences: [],
    problems: [
      `${paths[0]}:1: owner must have the right form, got "nobody"; it is who answers for the campaign, an e-mail address`,
      `${paths[1]}:15: locales must not have fewer than 1 items, got []; it is languages of the content, the first for people of none of them`,
    ],
  });
});

test("fails on a file that is not there", async () => {
  const path = join(folder, "none.yaml");
  await expect(lint([path], { now })).rejects.toThrow(
    `FILE must be a campaign's file, got ${JSON.stringify(path)} (ENOENT: no such file or directory`,
  );
});

const letter = (locale: string, fields: Record<string, unknown> = {}): LintEntry => ({
  type: "email-template",
  locale,
  fields: {
    slug: "welcome",
    subject: "Welcome, {{ firstName }}",
    body: bodyOf('<a href="{{ unsubscribeUrl }}">Unsubscribe</a>'),
    ...fields,
  },
});

function bodyOf(inside: string): string {
  return `<mjml><mj-body><mj-section><mj-column><mj-text>${inside}</mj-text></mj-column></mj-section></mj-body></mjml>`;
}

/** A stack of which some things are so. */
function stackWith(
  there: {
    entries?: readonly LintEntry[];
    channels?: ConfiguredChannels | undefined;
    accepted?: readonly string[];
    size?: { readonly people: number; readonly agreed: number };
    known?: number;
    sample?: readonly SamplePerson[];
  } = {},
): LintStack {
  const { size = { people: 7, agreed: 5 }, known = 9, sample = [] } = there;
  return {
    entries: async () => there.entries ?? [letter("en"), letter("es")],
    channels: async () =>
      "channels" in there ? there.channels : { hasMail: true, connectors: new Map() },
    accepted: async () => new Set(there.accepted),
    audiences: async (campaigns) => ({
      sizes: [...campaigns.keys()].map((campaign) => ({ campaign, ...size })),
      known,
      samples: new Map([...campaigns.keys()].map((campaign) => [campaign, sample])),
    }),
  };
}

const everybody = { "journey.startsWith": undefined };

test("what a new CMS does not have is a warning without a stack, and a mistake with one", async () => {
  const path = write("a.yaml", { "content.welcome.slug": "autumn" });
  const missing = 'got email-template "autumn" without en, es';
  expect(await lint([path], { now })).toMatchObject({
    problems: [],
    warnings: [
      `${path}:20: content.welcome is not checked, ${missing} in what a new CMS has; check it with --stack NAME`,
    ],
  });
  expect(await lint([path], { now, stack: stackWith() })).toMatchObject({
    problems: [
      `${path}:20: content.welcome must be published in every one of locales, ${missing}; publish it in the CMS`,
    ],
    warnings: [],
  });
});

test("every letter is written to people in every locale, and all that is wrong with it is told", async () => {
  const path = write("a.yaml");
  const entries = [
    letter("en", {
      subject: " ",
      preheader: "To {{ first-name }} of {{ company }}",
      body: "<mjml><mj-body><mj-fax></mj-fax></mj-body></mjml>",
    }),
    letter("es", {
      subject: "{{ lastName }}",
      body: bodyOf("<!-- {{ unsubscribeUrl }} --> {{ siteUrl }} {{ preheader }} {{ email }}"),
    }),
  ];
  const { problems } = await lint([path], { now, stack: stackWith({ entries }) });
  expect(problems).toEqual([
    `${path}:20: content.welcome in en: subject must be set, got nothing; correct it in the CMS`,
    `${path}:20: content.welcome in en: body must hold a link to {{ unsubscribeUrl }}, got none; correct it in the CMS`,
    expect.stringMatching(
      /content\.welcome in en: body must be valid MJML, got .*mj-fax.*; correct it in the CMS$/,
    ),
    `${path}:20: content.welcome in en: preheader must have placeholders that somebody fills, got {{ company }} and 20 people without it; correct its name in the CMS, or have people who are recorded: --people EVENTS`,
    `${path}:20: content.welcome in en: preheader must have placeholders of one word, got "{{ first-name }}"; write it as {{ firstName }} in the CMS`,
    `${path}:20: content.welcome in es: subject must have placeholders that somebody fills, got {{ lastName }} and 20 people without it; correct its name in the CMS, or have people who are recorded: --people EVENTS`,
    `${path}:20: content.welcome in es: subject must say something to everybody, got nothing for 20 of 20 people; write words around its placeholders in the CMS`,
    `${path}:20: content.welcome in es: body must hold a link to unsubscribe, got {{ unsubscribeUrl }} where nobody can follow it; write <a href="{{ unsubscribeUrl }}"> in the CMS`,
  ]);
});

test("a placeholder is filled by what recorded people have, or somebody in the audience", async () => {
  const path = write("a.yaml");
  const entries = [letter("en", { preheader: "For {{ company }}" }), letter("es")];
  const people = [{ traits: { company: "Olivar", firstName: "Ana" } }];
  const problemsOf = async (stack: LintStack, recorded?: typeof people) =>
    (await lint([path], { now, stack, people: recorded })).problems;
  expect(await problemsOf(stackWith({ entries }))).toHaveLength(1);
  expect(await problemsOf(stackWith({ entries }), people)).toEqual([]);
  expect(await problemsOf(stackWith({ entries, sample: people }))).toEqual([]);
});

test("a way out that the stack has not is a mistake, as the worker says it", async () => {
  const path = write("a.yaml", { "channels.team": { kind: "chat", secret: "team" } });
  const problemsWith = async (channels: ConfiguredChannels | undefined) =>
    (await lint([path], { now, stack: stackWith({ channels }) })).problems;
  expect(await problemsWith({ hasMail: true, connectors: new Map([["team", "chat"]]) })).toEqual(
    [],
  );
  expect(await problemsWith({ hasMail: false, connectors: new Map() })).toEqual([
    `${path}:27: channels.letters.kind must not be email where no mail server is configured, got email; set smtpUrl, or take the channel out`,
    `${path}:32: channels.team.secret must be one of this environment's connectors for chat (there is none), got "team"; configure it in connectors, or take the channel out`,
  ]);
  expect(await problemsWith(undefined)).toEqual([]);
});

test("the window of a campaign that does not run must not be over, and should not have begun", async () => {
  const path = write("a.yaml");
  const at = async (time: string, accepted: readonly string[] = []) => {
    const stack = stackWith({ accepted });
    const { problems, warnings } = await lint([path], { now: new Date(time), stack });
    return { problems, warnings };
  };
  const right = { problems: [], warnings: [] };
  expect(await at("2027-01-11T07:59:00Z")).toEqual(right);
  expect(await at("2027-01-11T08:00:00Z")).toEqual({
    problems: [],
    warnings: [
      `${path}:6: window.from should be in the future as long as the campaign is new, got "2027-01-11 09:00"; people come in as soon as it is deployed`,
    ],
  });
  expect(await at("2027-12-31T23:00:00Z")).toEqual({
    problems: [
      `${path}:7: window.to must be in the future as long as the campaign is new, got "2028-01-01 00:00"; move the window, or delete the file`,
    ],
    warnings: [],
  });
  expect(await at("2027-01-11T08:00:00Z", ["a"])).toEqual(right);
  expect(await at("2027-12-31T23:00:00Z", ["a"])).toEqual(right);
});

test("the audience of a campaign that nothing lets people into must be somebody", async () => {
  const path = write("a.yaml", everybody);
  const none = { people: 0, agreed: 0 };
  const empty = `${path}:9: audience must hold for somebody, got nobody now; correct its rules, or let people in by journey.startsWith`;
  expect(await lint([path], { now, stack: stackWith({ size: none }) })).toMatchObject({
    problems: [empty],
    warnings: [],
    audiences: [{ campaign: "a", ...none }],
  });
  expect(await lint([path], { now, stack: stackWith({ size: none, known: 0 }) })).toMatchObject({
    problems: [],
    warnings: [empty],
  });
  expect(
    (await lint([path], { now, stack: stackWith({ size: { people: 3, agreed: 0 } }) })).problems,
  ).toEqual([
    `${path}:14: consentBasis must be agreed to by somebody in the audience, got none of 3 people; ask for their consent first, or let people in by journey.startsWith`,
  ]);
  expect((await lint([path], { now, stack: stackWith() })).problems).toEqual([]);
  expect(
    (await lint([write("b.yaml")], { now, stack: stackWith({ size: none }) })).problems,
  ).toEqual([]);
});

test("a stack is not asked for files that are wrong by themselves", async () => {
  const path = write("a.yaml", { owner: "nobody" });
  const refuse = async (): Promise<never> => {
    throw new Error("asked");
  };
  const stack = { entries: refuse, channels: refuse, accepted: refuse, audiences: refuse };
  expect((await lint([path], { now, stack })).problems).toHaveLength(1);
});

test("a campaign is new until the worker has accepted it", () => {
  const resource = (name: string, phase?: string): CampaignResource =>
    ({ metadata: { name }, ...(phase && { status: { phase } }) }) as CampaignResource;
  expect(
    acceptedOf([resource("unseen"), resource("refused", "pending"), resource("runs", "ended")]),
  ).toEqual(new Set(["runs"]));
});

test("the report says mistakes, warnings and sizes in lines", () => {
  const report = {
    campaigns: ["a"],
    problems: ["a.yaml:1: owner must be"],
    warnings: ["a.yaml:2: window should be"],
    audiences: [{ campaign: "a", people: 7, agreed: 5 }],
  };
  expect(lintText(report).split("\n")).toEqual([
    "a.yaml:1: owner must be",
    "warning: a.yaml:2: window should be",
    expect.stringMatching(
      /^a +7 people in the audience now, 5 of them agreed to what it is based on$/,
    ),
    "1 campaign, 1 mistake, 1 warning",
  ]);
});

test("the campaigns of a folder are its YAML files in order", () => {
  const paths = [write("a.yaml"), write("b.yaml")];
  writeFileSync(join(folder, "campaign.schema.json"), "{}");
  expect(campaignFiles(folder)).toEqual(paths);
});

test("no folder is no campaigns", () => {
  expect(campaignFiles(join(folder, "none"))).toEqual([]);
});
