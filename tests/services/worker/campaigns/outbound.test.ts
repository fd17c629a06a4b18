import { readCampaigns } from "../../../../services/worker/campaigns/current.ts";
import { decide } from "../../../../services/worker/campaigns/decide.ts";
import {
  heldBack,
  leaveOf,
  LOOK_COUNTS_SECONDS,
  outboundAllowed,
  type Situation,
} from "../../../../services/worker/campaigns/outbound.ts";
import { workerDatabase } from "../worker-database.ts";
import { letterCampaign, runCampaign } from "./a-campaign.ts";

const database = workerDatabase();
beforeEach(async () => {
  await database.admin.query("truncate campaigns.campaign, campaigns.held");
  await runCampaign(database.pool, { name: "greeting", spec: letterCampaign() });
});

const open: Situation = {
  now: new Date("2027-01-15T12:00:00Z"),
  sinceLook: 1,
  stopped: false,
  opensAt: new Date("2027-01-01T00:00:00Z"),
  closesAt: new Date("2027-02-01T00:00:00Z"),
  hold: null,
  removed: false,
};

test.each<[string, Partial<Situation>, string]>([
  ["is live", {}, "allowed"],
  ["is live, and somebody looked just in time", { sinceLook: LOOK_COUNTS_SECONDS }, "allowed"],
  ["is not open yet", { now: new Date("2026-12-31T23:59:59Z") }, "not now"],
  ["is paused", { hold: "paused" }, "not now"],
  ["is live, while all outbound is stopped", { stopped: true }, "not now"],
  ["is live, and nobody looked lately", { sinceLook: LOOK_COUNTS_SECONDS + 0.1 }, "not now"],
  [
    "is live, and the clock was put back by a moment since somebody looked",
    { sinceLook: -0.9 },
    "allowed",
  ],
  ["is live, and the clock was put back since somebody looked", { sinceLook: -1.1 }, "not now"],
  ["is live, and nobody ever looked", { sinceLook: Number.NaN }, "not now"],
  ["is stopped", { hold: "stopped" }, "never"],
  ["is over", { now: new Date("2027-02-01T00:00:00Z") }, "never"],
  ["is over and paused", { hold: "paused", now: new Date("2027-02-01T00:00:00Z") }, "never"],
  ["has no file any more", { removed: true }, "never"],
  ["was never accepted", { opensAt: null, closesAt: null }, "never"],
])("an effect of a campaign that %s", (_campaign, changes, expected) => {
  const leave = leaveOf({ ...open, ...changes });
  const found = leave.allowed ? "allowed" : leave.isFinal ? "never" : "not now";
  expect(found).toBe(expected);
});

test("effects of a live campaign leave", async () => {
  expect(await outboundAllowed(database.pool, "greeting", "a")).toEqual({ allowed: true });
  expect(await heldBack(database.pool)).toEqual(new Map());
});

test("effects that may not leave yet are counted once each, until they leave", async () => {
  await database.pool.query("update campaigns.outbound set stopped = true");
  const refusal = { allowed: false, reason: "all outbound is stopped", isFinal: false };
  for (const effect of ["a", "b", "a"]) {
    expect(await outboundAllowed(database.pool, "greeting", effect)).toEqual(refusal);
  }
  expect(await heldBack(database.pool)).toEqual(new Map([["greeting", 2]]));
  await database.pool.query("update campaigns.outbound set stopped = false");
  await outboundAllowed(database.pool, "greeting", "a");
  expect(await heldBack(database.pool)).toEqual(new Map([["greeting", 1]]));
  await database.pool.query("update campaigns.campaign set hold = 'stopped'");
  await outboundAllowed(database.pool, "greeting", "b");
  expect(await heldBack(database.pool)).toEqual(new Map());
});

test("nothing leaves once nobody has looked at the kill switch for a while", async () => {
  await database.pool.query(
    "update campaigns.outbound set looked_at = clock_timestamp() - interval '7 s'",
  );
  expect(await outboundAllowed(database.pool, "greeting", "a")).toEqual({
    allowed: false,
    reason: "nobody could read lately whether all outbound is stopped",
    isFinal: false,
  });
});

test("a campaign runs as its file has it, and then as it is decided", async () => {
  const spec = letterCampaign({
    variants: [
      { name: "a", percent: 60 },
      { name: "b", percent: 40 },
    ],
    rollout: [{ percent: 5, gate: { hours: 1 } }, { percent: 100 }],
  });
  await runCampaign(database.pool, { name: "trial", spec });
  const trial = async (): Promise<object> => {
    const [, current] = await readCampaigns(database.pool);
    const { name, generation, phase, rolloutPercent, percents, reason } = current!;
    return { name, generation, phase, rolloutPercent, percents, reason };
  };
  const begun = {
    name: "trial",
    generation: 1,
    phase: "live",
    rolloutPercent: 5,
    percents: { a: 60, b: 40 },
    reason: "as the file has it",
  };
  expect(await trial()).toEqual(begun);
  const decision = { rolloutPercent: 100, percents: { a: 0, b: 100 }, reason: "b won" };
  await decide(database.pool, "trial", decision);
  expect(await trial()).toEqual({ ...begun, ...decision });
  const { rows } = await database.admin.query(
    "select kind, subject from ledger.change where subject = 'campaign/trial' order by occurred_at",
  );
  expect(rows).toEqual([
    { kind: "campaign.accept", subject: "campaign/trial" },
    { kind: "campaign.decide", subject: "campaign/trial" },
  ]);
});

test("fails to decide on percents that are not all people", async () => {
  const decision = { rolloutPercent: 100, percents: { letter: 90 }, reason: "" };
  await expect(decide(database.pool, "greeting", decision)).rejects.toThrow(
    'percents must sum up to 100, got {"letter":90}',
  );
});
