import { personDigest } from "../../../../services/collector/refusals.ts";
import { followLog, forgetProfiles } from "../../../../services/worker/profiles/follow.ts";
import { forgetUnknownRefusals } from "../../../../services/worker/profiles/unknown-refusals.ts";
import { inTransaction } from "../../../../services/worker/transaction.ts";
import { sent, storeEvents } from "../event-log.ts";
import { workerDatabase } from "../worker-database.ts";

const database = workerDatabase();

beforeEach(async () => {
  await database.admin.query("truncate events.event, events.refusal");
  await inTransaction(database.pool, forgetProfiles);
});

async function refused(person: string, daysAgo: number): Promise<void> {
  await database.admin.query(
    `insert into events.refusal (digest, purposes, at)
     values (events.person_digest($1), '{}', now() - make_interval(days => $2))`,
    [personDigest(person), daysAgo],
  );
}

/** Who of these is remembered as having refused. */
async function remembered(...people: string[]): Promise<string[]> {
  const { rows } = await database.pool.query<{ person: string }>(
    "select person from events.refusals($1) order by person",
    [people],
  );
  return rows.map(({ person }) => person);
}

test("of who refused a month ago those are forgotten who are in no profile, by any id", async () => {
  await storeEvents(database.admin, [
    sent({ type: "identify", anonymousId: "a1", userId: "ada", consent: ["analytics", "email"] }),
  ]);
  await followLog(database.pool);
  for (const person of ["user:ada", "anonymous:a1", "anonymous:never-agreed"]) {
    await refused(person, 31);
  }
  await refused("anonymous:lately", 29);
  expect(await forgetUnknownRefusals(database.pool)).toBe(1);
  expect(
    await remembered("user:ada", "anonymous:a1", "anonymous:never-agreed", "anonymous:lately"),
  ).toEqual(["anonymous:a1", "anonymous:lately", "user:ada"]);
});

test("nobody is forgotten while the profiles are made anew", async () => {
  await storeEvents(database.admin, [sent({ userId: "ada", consent: ["analytics", "email"] })]);
  await database.admin.query("update events.event set stored_at = now() - interval '1 minute'");
  await refused("user:ada", 31);
  expect(await forgetUnknownRefusals(database.pool)).toBe(0);
  expect(await remembered("user:ada")).toEqual(["user:ada"]);
});
