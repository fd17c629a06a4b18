import { waitFor } from "../../../../local/wait.ts";
import { seeded } from "../../../faults/random.ts";
import type { JourneyStand } from "./journey-stand.ts";

/** How many people sign up before each kill or freeze. */
export const PEOPLE = 5;

/**
 * Kills one worker after the other with SIGKILL as soon as the partner has answered 200 to one of its messages, before it can
 * write that down; then has a last one finish what they left, whose connections to the database end at its first message.
 *
 * @returns messages that were let out, and of which nobody had written down what became of them, when their worker was killed.
 */
export async function killWorkers(
  stand: JourneyStand,
  { kills, seed }: { readonly kills: number; readonly seed: number },
): Promise<number> {
  const random = seeded(seed);
  const { partner, database } = stand;
  const told = stand.told().size;
  const people = Array.from({ length: kills * PEOPLE }, (_, i) => `user-${i}`);
  for (let kill = 0; kill < kills; kill += 1) {
    await stand.signUp(people.slice(kill * PEOPLE, (kill + 1) * PEOPLE));
    const worker = await stand.launch();
    let before = Math.floor(random() * PEOPLE);
    let isKilled = false;
    partner.answer = () => {
      if (!isKilled && before === 0) {
        isKilled = true;
        // Once the answer is on its way.
        setImmediate(() => process.kill(worker.pid, "SIGKILL"));
      }
      before -= 1;
      return { status: 200 };
    };
    await waitFor(`kill ${kill} of seed ${seed}`, 60, async () => isKilled || undefined);
    await worker.ended();
    partner.answer = () => ({ status: 200 });
  }
  const { rows } = await database.admin.query<{ leaving: number }>(
    "select count(*)::int as leaving from campaigns.message where state = 'leaving'",
  );
  partner.answer = () => {
    partner.answer = () => ({ status: 200 });
    void database.admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'worker'",
    );
    return { status: 200 };
  };
  await stand.start();
  await stand.untilTold(told + people.length, 120);
  return rows[0]!.leaving;
}
