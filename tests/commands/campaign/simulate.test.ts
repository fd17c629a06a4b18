import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CampaignSpec } from "../../../services/contract/campaign.ts";
import { funnelPicture, funnelText } from "../../../commands/campaign/funnel.ts";
import { profileAt, type Person } from "../../../commands/campaign/person.ts";
import { recordedPeople } from "../../../commands/campaign/recorded-people.ts";
import { simulate } from "../../../commands/campaign/simulate.ts";
import { timetable } from "../../../commands/campaign/timetable.ts";
import { letterCampaign } from "../../services/worker/campaigns/a-campaign.ts";

/** A letter and, after three days at nine, another one to those who have not ordered; in Madrid, from March. */
function twoLetters(changes: Partial<CampaignSpec> = {}): CampaignSpec {
  return letterCampaign({
    window: { timeZone: "Europe/Madrid", from: "2027-03-01 00:00", to: "2027-05-01 00:00" },
    journey: {
      startsWith: "Signed Up",
      steps: [
        { name: "greet", send: { channel: "letters", content: "welcome" } },
        { name: "taste", wait: { days: 3, at: "09:00" } },
        {
          name: "ordered",
          branch: { if: [{ event: "Order Completed", atLeast: 1 }], then: "customer" },
        },
        { name: "remind", send: { channel: "letters", content: "welcome" } },
        { name: "reminded", end: "reminded" },
        { name: "customer", end: "ordered" },
      ],
    },
    ...changes,
  });
}

function ana(deeds: readonly [string, string][], changes: Partial<Person> = {}): Person {
  return {
    person: "user:ana",
    traits: { locale: "es-ES" },
    deeds: deeds.map(([name, at]) => ({ name, at: new Date(at) })),
    consents: [{ at: new Date("2027-01-01T00:00:00Z"), purposes: ["email"] }],
    ...changes,
  };
}

const signedUp: [string, string] = ["Signed Up", "2027-03-26T20:00:00.000Z"];

function times(spec: CampaignSpec, person: Person): string[] {
  return simulate("welcome", spec, [person]).sent.map(
    ({ at, step }) => `${step} ${at.toISOString()}`,
  );
}

test("says who gets what when, on the clocks of the window, across the night in which they are put forward", () => {
  const { sent, ended, steps } = simulate("welcome", twoLetters(), [ana([signedUp])]);
  expect(sent).toEqual([
    {
      at: new Date("2027-03-26T20:00:00.000Z"),
      person: "user:ana",
      variant: "letter",
      step: "greet",
      channel: "letters",
      content: "welcome",
      locale: "es",
      cost: 0,
    },
    // Nine in Madrid is seven in UTC from the 28th on.
    expect.objectContaining({ step: "remind", at: new Date("2027-03-29T07:00:00.000Z") }),
  ]);
  expect(ended).toEqual({ reminded: 1 });
  expect(steps.map(({ step, people }) => [step, people])).toEqual([
    ["greet", 1],
    ["taste", 1],
    ["ordered", 0],
    ["remind", 1],
    ["reminded", 0],
    ["customer", 0],
  ]);
});

test("who has ordered meanwhile is not reminded, and counts for the goal", () => {
  const ordered = ana([signedUp, ["Order Completed", "2027-03-28T10:00:00.000Z"]]);
  const { sent, ended, goals } = simulate("welcome", twoLetters(), [ordered]);
  expect([sent.length, ended, goals]).toEqual([1, { ordered: 1 }, { letter: 1 }]);
});

test("what people do is counted whatever it is called", () => {
  const names = ["constructor", "__proto__"];
  const person = ana(names.map((name) => [name, "2027-03-01T10:00:00.000Z"]));
  const { activity } = profileAt(person, new Date("2027-03-02T00:00:00Z"));
  expect(names.map((name) => activity[name]?.count)).toEqual([1, 1]);
});

test("a consent that is taken back in the middle ends the messages", () => {
  const consents: Person["consents"] = [
    { at: new Date("2027-01-01T00:00:00Z"), purposes: ["email"] },
    { at: new Date("2027-03-27T00:00:00Z"), purposes: [] },
  ];
  const { sent, withheld } = simulate("welcome", twoLetters(), [ana([signedUp], { consents })]);
  expect([sent.map(({ step }) => step), withheld]).toEqual([["greet"], { consent: 1 }]);
});

test("quiet hours delay, caps and budgets are kept", () => {
  const quiet = twoLetters({ quietHours: { from: "20:00", to: "08:00" } });
  expect(times(quiet, ana([signedUp]))[0]).toBe("greet 2027-03-27T07:00:00.000Z");
  const channels = {
    letters: { kind: "email" as const, from: "a@b.example", costPerThousand: 1000 },
  };
  const dear = twoLetters({ channels, budget: { currency: "EUR", daily: 1, total: 1 } });
  const { sent, withheld, cost } = simulate("welcome", dear, [ana([signedUp])]);
  expect([sent.length, withheld, cost]).toEqual([1, { "total budget": 1 }, 1]);
});

test("roll-out reaches people step by step, and waits for enough of them", () => {
  const people = Array.from({ length: 400 }, (_, i) => ana([], { person: `user:${i}` }));
  const journey = { steps: [{ name: "greet", send: { channel: "letters", content: "welcome" } }] };
  const rollout = [{ percent: 10, gate: { hours: 24 } }, { percent: 100 }];
  const { sent } = simulate("sale", twoLetters({ journey, rollout }), people);
  const first = sent.filter(({ at }) => at.toISOString() === "2027-02-28T23:00:00.000Z");
  expect(sent).toHaveLength(400);
  expect(first.length).toBeGreaterThan(15);
  expect(first.length).toBeLessThan(80);
  const never = [{ percent: 10, gate: { hours: 24, people: 400 } }, { percent: 100 }];
  const stuck = simulate("sale", twoLetters({ journey, rollout: never }), people);
  expect(stuck.sent).toHaveLength(first.length);
});

test("the funnel is shown as text and as a picture, whatever the steps are called", () => {
  const run = simulate("<welcome>", twoLetters(), [
    ana([signedUp]),
    ana([], { person: "user:bo" }),
  ]);
  expect(funnelText(run).map((line) => line.replace(/ [█·]+ +/, ": "))).toEqual(
    expect.arrayContaining([expect.stringMatching(/^people +: 2 {2}100\.0 %$/)]),
  );
  const picture = funnelPicture(run);
  expect(picture).toMatch(/^<svg [^]*<\/svg>$/);
  expect(picture).not.toContain("<welcome>");
});

describe("people of recorded events", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "recorded-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const event = (changes: object) => ({
    type: "track",
    name: "Signed Up",
    anonymousId: "a1",
    userId: null,
    occurredAt: "2027-03-02T10:00:00.000Z",
    properties: {},
    consent: ["email"],
    ...changes,
  });
  const write = (lines: readonly unknown[]): string => {
    const path = join(folder, "events.jsonl");
    writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
    return path;
  };

  test("who was seen with both ids is one person, with their latest traits and consent", () => {
    const path = write([
      event({
        type: "identify",
        name: null,
        userId: "ana",
        properties: { plan: "b" },
        occurredAt: "2027-03-03T10:00:00.000Z",
      }),
      event({}),
      event({ anonymousId: "a2", type: "page", name: "Home" }),
    ]);
    expect(
      recordedPeople(path).map(({ person, traits, deeds }) => [
        person,
        traits,
        deeds.map(({ name }) => name),
      ]),
    ).toEqual([
      ["user:ana", { plan: "b" }, ["Signed Up", "identify"]],
      ["anonymous:a2", {}, ["page"]],
    ]);
    const { sent } = simulate("welcome", twoLetters(), recordedPeople(path));
    expect(sent.map(({ person, step }) => [person, step])).toEqual([
      ["user:ana", "greet"],
      ["user:ana", "remind"],
    ]);
  });

  test("fails on what is no event, naming the line", () => {
    expect(() => recordedPeople(write([event({}), { type: "track" }]))).toThrow(
      /events\.jsonl:2 must be an event in JSON with type, occurredAt, consent and an id, got /,
    );
  });
});

test("what happens is in order of time, and of asking within an instant", () => {
  const clock = timetable();
  const seen: string[] = [];
  const at = (seconds: number, name: string): void =>
    clock.at(new Date(seconds * 1000), () => seen.push(name));
  at(3, "c");
  at(1, "a");
  at(2, "b1");
  at(2, "b2");
  clock.at(new Date(1000), () => at(1, "a-later"));
  clock.run();
  expect(seen).toEqual(["a", "a-later", "b1", "b2", "c"]);
});
