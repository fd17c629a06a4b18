import { stringify } from "yaml";
import { readCampaign } from "../../../stacks/campaigns/file.ts";
import { campaignSchema } from "../../../stacks/campaigns/schema.ts";
import { rightCampaigns, welcomeWith, wrongCampaigns } from "./wrong-campaigns.ts";

const schema = campaignSchema();

function problemsOf(text: string, path = "campaigns/a.yaml"): readonly string[] {
  return readCampaign(path, text, schema).problems;
}

/** Fields named by problems such as `campaigns/a.yaml:3: window.to must …`. */
function fieldsOf(problems: readonly string[]): string[] {
  return [...new Set(problems.map((problem) => /^\S+ (\S+) must/.exec(problem)?.[1] ?? problem))];
}

test.each(wrongCampaigns)("fails on %s", (_, changes, fields) => {
  expect(fieldsOf(problemsOf(stringify(welcomeWith(changes))))).toEqual(fields);
});

test.each(rightCampaigns)("a campaign is right %s", (_, changes) => {
  expect(problemsOf(stringify(welcomeWith(changes)))).toEqual([]);
});

test("all mistakes are told at once, with line, value and remedy", () => {
  const text = stringify(
    welcomeWith({
      owner: undefined,
      color: "green",
      "window.timeZone": "Europe/Atlantis",
      "window.from": "soon",
      "channels.letters.kind": "fax",
      "journey.steps.2.branch.then": "greet",
      "budget.daily": 1000,
    }),
  );
  const line = (start: string): number =>
    text.split("\n").findIndex((shown) => shown.trimStart().startsWith(start)) + 1;
  expect(problemsOf(text)).toEqual([
    "campaigns/a.yaml:1: owner must be given, got nothing; it is who answers for the campaign, an e-mail address",
    `campaigns/a.yaml:${line("from: soon")}: window.from must have the right form, got "soon"; it is first minute, such as 2027-03-20 09:00`,
    `campaigns/a.yaml:${line("kind: fax")}: channels.letters.kind must be one of email, web, chat, crm, webhook, got "fax"`,
    expect.stringMatching(
      `^campaigns/a.yaml:${line("- name: greet")}: journey.steps must lead on, with then, to a later step, got \\[.*…$`,
    ),
    `campaigns/a.yaml:${line("currency:")}: budget must not have a daily above total, got {"currency":"EUR","daily":1000,"total":900}`,
    expect.stringMatching(
      `^campaigns/a.yaml:${line("color:")}: color must be one of the fields owner, purpose, .*, got "green"$`,
    ),
  ]);
});

test("fails on what is not YAML, naming the file", () => {
  expect(problemsOf("owner: [")).toEqual([
    expect.stringMatching(/^campaigns\/a.yaml must be YAML, got: .* at line 1, column 9$/),
  ]);
});

test("fails on a field twice", () => {
  expect(problemsOf("owner: a@b\nowner: c@d\n")).toEqual([
    "campaigns/a.yaml must be YAML, got: Map keys must be unique at line 2, column 1",
  ]);
});

test("fails on aliases that grow without bound", () => {
  const levels = [...Array(9).keys()].map(
    (n) =>
      `l${n}: &l${n} [${Array(9)
        .fill(n === 0 ? "x" : `*l${n - 1}`)
        .join(", ")}]`,
  );
  expect(problemsOf(levels.join("\n"))).toEqual([
    "campaigns/a.yaml must be YAML, got: Excessive alias count indicates a resource exhaustion attack",
  ]);
});

test.each(["", "[]", "sale", "7"])("fails on a file that holds %j", (text) => {
  expect(
    fieldsOf(problemsOf(text).map((problem) => problem.replace("the campaign", "it"))),
  ).toEqual(["it"]);
});

test("fails on a file whose name cannot be a campaign's", () => {
  expect(problemsOf(stringify(welcomeWith({})), "campaigns/Spring Sale.yaml")).toEqual([
    `campaigns/Spring Sale.yaml: the file's name must be lower-case words joined by hyphens, up to 63 characters, got "Spring Sale"; the campaign is called by it`,
  ]);
});
