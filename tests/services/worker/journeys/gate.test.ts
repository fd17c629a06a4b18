import { mayLeave, type Situation } from "../../../../services/worker/journeys/gate.ts";

const spec = {
  consentBasis: ["email" as const],
  suppressionLists: ["bounced"],
  frequencyCap: { messages: 2, days: 7 },
  quietHours: { from: "21:00", to: "08:00" },
  budget: { currency: "EUR", daily: 0.3, total: 1 },
  window: { timeZone: "Europe/Madrid", from: "2027-01-01 00:00", to: "2028-01-01 00:00" },
};
const now = new Date("2027-03-10T12:00:00Z");
const situation: Situation = {
  now,
  consent: ["analytics", "email"],
  lists: [],
  earlier: [],
  cost: 0.1,
  spentToday: 0,
  spentTotal: 0,
  unsettled: 0,
};
const night = new Date("2027-03-10T21:00:00Z");
const days = (count: number): Date => new Date(now.getTime() - count * 86_400_000);

test.each<[string, Partial<Situation>, object]>([
  ["nothing is in the way", {}, { kind: "open" }],
  ["consent is withdrawn", { consent: ["analytics"] }, { kind: "never", why: "consent" }],
  ["an address bounced", { lists: ["bounced"] }, { kind: "never", why: "suppression list" }],
  ["a list is of no concern", { lists: ["others"] }, { kind: "open" }],
  ["all is spent", { spentTotal: 0.95 }, { kind: "never", why: "total budget" }],
  [
    "all is spent, and enough of it may come back",
    { spentTotal: 1, unsettled: 0.1 },
    { kind: "later", until: new Date("2027-03-10T12:01:00Z"), why: "total budget" },
  ],
  [
    "all is spent, and too little of it may come back",
    { spentTotal: 1, unsettled: 0.05 },
    { kind: "never", why: "total budget" },
  ],
  ["the last of the money is left", { spentTotal: 0.9 }, { kind: "open" }],
  // 0.1 + 0.2 is more than 0.3 by rounding alone.
  ["the last of the day's money is left", { spentToday: 0.1 + 0.1 }, { kind: "open" }],
  [
    "the day's money is spent",
    { spentToday: 0.3 },
    { kind: "later", until: new Date("2027-03-10T23:00:00Z"), why: "daily budget" },
  ],
  [
    "it is night",
    { now: night },
    { kind: "later", until: new Date("2027-03-11T07:00:00Z"), why: "quiet hours" },
  ],
  ["one message left lately", { earlier: [days(1)] }, { kind: "open" }],
  [
    "two messages left lately",
    { earlier: [days(1), days(3)] },
    { kind: "later", until: new Date(days(3).getTime() + 7 * 86_400_000), why: "frequency cap" },
  ],
  ["one of two left long ago", { earlier: [days(1), days(7)] }, { kind: "open" }],
  ["what is for good comes first", { now: night, consent: [] }, { kind: "never", why: "consent" }],
])("a message may leave when %s", (_what, changes, expected) => {
  expect(mayLeave(spec, { ...situation, ...changes })).toEqual(expected);
});
