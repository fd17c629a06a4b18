import { waitFor } from "../../../../local/wait.ts";
import { printedSeed } from "../../../faults/random.ts";
import { openJourneyStand, type JourneyStand } from "./journey-stand.ts";
import { killWorkers, PEOPLE } from "./killed-workers.ts";

let stand: JourneyStand;
beforeAll(async () => {
  stand = await openJourneyStand();
}, 60_000);
afterAll(() => stand.stop(), 60_000);

test("who signs up is told of within 10 s by one of two workers, and nobody while all outbound is stopped", async () => {
  const workers = await Promise.all([stand.start(), stand.start()]);
  await waitFor("the campaign to be live", 20, async () =>
    stand.api.cluster.status("greeting")?.phase === "live" ? true : undefined,
  );
  await stand.signUp(["ana"]);
  await stand.untilTold(1, 10);
  stand.api.cluster.stopOutbound(true);
  await waitFor("the kill switch to be seen", 10, async () =>
    stand.api.cluster.status("greeting")?.outbound === "stopped" ? true : undefined,
  );
  await stand.signUp(["bo"]);
  await waitFor("the message to be held back", 10, async () =>
    stand.api.cluster.status("greeting")?.heldBack === 1 ? true : undefined,
  );
  expect([...stand.told()]).toEqual([["user:ana", 1]]);
  stand.api.cluster.stopOutbound(false);
  await stand.untilTold(2, 20);
  expect(
    await waitFor("the journey in the status", 20, async () => {
      const { journey } = stand.api.cluster.status("greeting")!;
      return journey?.ended === 2 ? journey : undefined;
    }),
  ).toEqual({ entered: 2, ended: 2, sent: 2, notSent: 0 });
  // One request each: nobody tried what another one had.
  expect(stand.partner.taken).toHaveLength(2);
  expect(await Promise.all(workers.map((worker) => worker.end("SIGTERM")))).toEqual([0, 0]);
}, 90_000);

test("a partner who tells messages apart sees one effect of each, though workers are killed after its answer and connections end", async () => {
  const kills = 3;
  const left = await killWorkers(stand, { kills, seed: printedSeed() });
  expect(left).toBeGreaterThanOrEqual(kills);
  expect([...stand.told().values()]).toEqual(Array(2 + kills * PEOPLE).fill(1));
  expect(stand.partner.taken.length).toBeGreaterThan(2 + kills * PEOPLE);
}, 180_000);
