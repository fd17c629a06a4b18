import { printedSeed } from "../../../faults/random.ts";
import { atPartner, freezeAmongLetters, freezeWorkers, whileWriting } from "./frozen-workers.ts";
import { PEOPLE } from "./killed-workers.ts";
import { openJourneyStand } from "./journey-stand.ts";
import { openLetterStand } from "./letter-stand.ts";

test("a worker that is frozen in the middle of letters hands in none when it goes on, and nobody gets two", async () => {
  const stand = await openLetterStand();
  try {
    const freezes = 2;
    const found = await freezeAmongLetters(stand, {
      freezes,
      seed: printedSeed(),
      isHurried: true,
    });
    expect(found).toEqual({ late: 0, wrong: [], unknown: expect.any(Number) });
    expect(found.unknown).toBeGreaterThanOrEqual(freezes);
  } finally {
    await stand.stop();
  }
}, 360_000);

test("a partner who tells messages apart sees one effect of each, though workers are frozen, one while it writes, and go on", async () => {
  const stand = await openJourneyStand();
  try {
    const points = [whileWriting(stand.database), atPartner(stand.partner)];
    const freezes = points.length;
    await freezeWorkers(stand, {
      freezes,
      seed: printedSeed(),
      inTheMiddle: (...args) => points.pop()!(...args),
      taken: () => stand.partner.taken.length,
      isHurried: false,
    });
    expect([...stand.told().values()]).toEqual(Array(freezes * PEOPLE).fill(1));
    expect(stand.partner.taken.length).toBeGreaterThan(freezes * PEOPLE);
  } finally {
    await stand.stop();
  }
}, 360_000);
