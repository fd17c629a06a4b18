import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { spanOf } from "../../../../services/contract/campaign-phase.ts";
import type { CampaignSpec } from "../../../../services/contract/campaign.ts";
import type { Profile } from "../../../../services/contract/profile.ts";
import { mayEnter, next, placeOf, type Place } from "../../../../services/worker/journeys/next.ts";
import { activityOf, aPerson } from "./a-person.ts";

const welcome = parse(
  readFileSync(new URL("../../../../campaigns/welcome.yaml", `file://${__filename}`), "utf8"),
) as CampaignSpec;
const span = spanOf(welcome.window);
const signedUp = { "Signed Up": activityOf("2027-02-01T17:00:00.000Z") };
const newcomer = aPerson({ activity: signedUp });
const noon = new Date("2027-02-01T17:00:01Z");

test("who did what a journey starts with, in its window, comes in", () => {
  const isIn = (person: Profile, now = noon): boolean => mayEnter(welcome, span, person, now);
  expect(isIn(newcomer)).toBe(true);
  expect(isIn(aPerson())).toBe(false);
  expect(isIn(aPerson({ activity: { "Signed Up": activityOf("2027-01-01T00:00:00.000Z") } }))).toBe(
    false,
  );
  expect(
    isIn(
      aPerson({
        activity: { ...signedUp, "Order Completed": activityOf("2027-01-01T00:00:00.000Z") },
      }),
    ),
  ).toBe(false);
  expect(isIn(newcomer, new Date(span.opensAt.getTime() - 1))).toBe(false);
  expect(isIn(newcomer, span.closesAt)).toBe(false);
});

/** All that happens to a person who is asked for exactly when something is due. */
function walk(personAt: (now: Date) => Profile, start: Date): string[] {
  const happened: string[] = [];
  let now = start;
  let place: Place = placeOf(welcome, personAt(now), now);
  for (;;) {
    const move = next(welcome, "letter", place, personAt(now), now);
    if (move.kind === "end") return [...happened, `${now.toISOString()} end: ${move.reason}`];
    if (move.kind === "send") happened.push(`${now.toISOString()} ${move.step}: ${move.content}`);
    else now = move.until;
    place = move.place;
  }
}

test("a newcomer is greeted, and reminded after three days", () => {
  expect(walk(() => newcomer, noon)).toEqual([
    "2027-02-01T17:00:01.000Z greet: welcome",
    "2027-02-04T08:00:00.000Z remind: welcome",
    "2027-02-04T08:00:00.000Z end: reminded",
  ]);
});

test("who orders meanwhile is not reminded", () => {
  const ordered = aPerson({
    activity: { ...signedUp, "Order Completed": activityOf("2027-02-02T10:00:00.000Z") },
  });
  const person = (now: Date): Profile => (now > noon ? ordered : newcomer);
  expect(walk(person, noon)).toEqual([
    "2027-02-01T17:00:01.000Z greet: welcome",
    "2027-02-04T08:00:00.000Z end: ordered by themselves",
  ]);
});

test("over a night in which clocks are put forward, three days later is the same time of day", () => {
  expect(walk(() => newcomer, new Date("2027-03-26T12:00:00Z"))).toEqual([
    "2027-03-26T12:00:00.000Z greet: welcome",
    "2027-03-29T07:00:00.000Z remind: welcome",
    "2027-03-29T07:00:00.000Z end: reminded",
  ]);
});

test("who asks late is led as far as they would be", () => {
  const place = { step: "let-them-taste", since: noon, before: {} };
  expect(next(welcome, "letter", place, newcomer, new Date("2027-02-10T00:00:00Z"))).toEqual({
    kind: "send",
    step: "remind",
    channel: "letters",
    content: "welcome",
    place: { step: "reminded", since: new Date("2027-02-10T00:00:00Z"), before: {} },
  });
});

test("what was done before coming in leads no branch, and a variant shows its own content", () => {
  const spec: CampaignSpec = {
    ...welcome,
    variants: [
      { name: "plain", percent: 50 },
      { name: "warm", percent: 50, content: { welcome: "hug" } },
    ],
    journey: {
      steps: [
        { name: "came-back", branch: { if: [{ event: "page", atLeast: 1 }], then: "over" } },
        { name: "write", send: { channel: "letters", content: "welcome" } },
        { name: "over", end: "over" },
      ],
    },
  };
  const visitor = aPerson({ activity: { page: activityOf("2027-01-20T00:00:00.000Z") } });
  const place = placeOf(spec, visitor, noon);
  expect(next(spec, "plain", place, visitor, noon)).toMatchObject({ content: "welcome" });
  expect(next(spec, "warm", place, visitor, noon)).toMatchObject({ content: "hug" });
  const returned = aPerson({
    activity: { page: activityOf("2027-01-20T00:00:00.000Z", "2027-02-02T00:00:00.000Z") },
  });
  expect(next(spec, "plain", place, returned, noon)).toEqual({ kind: "end", reason: "over" });
});

test("a step that the file has no more is the end", () => {
  const place = { step: "gone", since: noon, before: {} };
  expect(next(welcome, "letter", place, newcomer, noon)).toEqual({
    kind: "end",
    reason: "came to the end",
  });
});
