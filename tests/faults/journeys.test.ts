import { waitFor } from "../../local/wait.ts";
import { sent, storeEvents } from "../services/worker/event-log.ts";
import { openJourneyStand, type JourneyStand } from "../services/worker/journeys/journey-stand.ts";
import {
  atPartner,
  freezeAmongLetters,
  freezeWorkers,
  whileWriting,
} from "../services/worker/journeys/frozen-workers.ts";
import { killWorkers, PEOPLE } from "../services/worker/journeys/killed-workers.ts";
import { openLetterStand } from "../services/worker/journeys/letter-stand.ts";
import { printedSeed, seeded } from "./random.ts";

let stand: JourneyStand;
beforeEach(async () => {
  stand = await openJourneyStand();
}, 60_000);
afterEach(() => stand.stop(), 60_000);
jest.setTimeout(7_200_000);

test("two hundred kills right after the partner's answer: one effect of each message, and none is missing", async () => {
  const kills = 200;
  const left = await killWorkers(stand, { kills, seed: printedSeed() });
  process.stderr.write(`${left} messages were let out and not written down\n`);
  expect(left).toBeGreaterThanOrEqual(kills);
  expect([...stand.told().values()]).toEqual(Array(kills * PEOPLE).fill(1));
});

test("twelve workers that freeze until others take over, and go on: one effect of each message", async () => {
  const freezes = 12;
  const seed = printedSeed();
  const random = seeded(seed);
  await freezeWorkers(stand, {
    freezes,
    seed,
    inTheMiddle: (...args) =>
      (random() < 0.5 ? atPartner(stand.partner) : whileWriting(stand.database))(...args),
    taken: () => stand.partner.taken.length,
    isHurried: false,
  });
  expect([...stand.told().values()]).toEqual(Array(freezes * PEOPLE).fill(1));
});

test("six workers that freeze among letters until others give these up: nobody gets two, and none comes late", async () => {
  const letters = await openLetterStand();
  try {
    const freezes = 6;
    const found = await freezeAmongLetters(letters, {
      freezes,
      seed: printedSeed(),
      isHurried: false,
    });
    process.stderr.write(`of ${found.unknown} letters nobody can tell\n`);
    expect(found).toEqual({ late: 0, wrong: [], unknown: expect.any(Number) });
    expect(found.unknown).toBeGreaterThanOrEqual(freezes);
  } finally {
    await letters.stop();
  }
});

test("of ten thousand queued messages nobody gets one who withdrew consent meanwhile", async () => {
  const random = seeded(printedSeed());
  const people = Array.from({ length: 10_000 }, (_, i) => `user-${i}`);
  const withdrawn = people.filter(() => random() < 0.01);
  stand.api.cluster.stopOutbound(true);
  await Promise.all([stand.start(), stand.start()]);
  await stand.signUp(people);
  await waitFor("ten thousand messages held back", 300, async () =>
    stand.api.cluster.status("greeting")?.heldBack === people.length ? true : undefined,
  );
  await storeEvents(
    stand.database.admin,
    withdrawn.map((userId) => sent({ name: "Left", userId, consent: [], minute: 600_001 })),
  );
  await waitFor("consent in the profiles", 60, async () => {
    const { rowCount } = await stand.database.admin.query(
      "select from profiles.consent where purposes = '{}'",
    );
    return rowCount === withdrawn.length ? true : undefined;
  });
  stand.api.cluster.stopOutbound(false);
  await stand.untilTold(people.length - withdrawn.length, 1200);
  const told = stand.told();
  expect(withdrawn.filter((one) => told.has(`user:${one}`))).toEqual([]);
  expect(told.size).toBe(people.length - withdrawn.length);
  await waitFor("the rows in the ledger", 60, async () => {
    const { rowCount } = await stand.database.admin.query(
      "select from ledger.change where kind = 'campaign.withhold'",
    );
    return rowCount === withdrawn.length ? true : undefined;
  });
});
