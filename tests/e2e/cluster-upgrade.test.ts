import { Analytics } from "@segment/analytics-node";
import { waitFor } from "../../local/wait.ts";
import { npmRun } from "./command.ts";
import { bringUpPlainStack, PLAIN_STACK } from "./plain-stack.ts";
import { postgres18Image } from "./postgres-image.ts";
import { describeStack, query, succeeded, type TestStack } from "./stack.ts";

const MINUTE = 60_000;

// The database of a stack goes from one major version of PostgreSQL to another and back, as `releases/README.md` says. What may happen on
// the way to its files is in `postgres-upgrade.test.ts`. Each test stands on the ones before it.
describe("a stack whose PostgreSQL is upgraded in the cluster", () => {
  const run = Date.now();
  let stack: TestStack;

  const send = async (name: string): Promise<void> => {
    const analytics = new Analytics({
      writeKey: stack.writeKeys.website!,
      host: stack.urls.collector,
    });
    analytics.track({ anonymousId: "ada", event: `${name} ${run}` });
    await analytics.closeAndFlush();
  };
  /** Names of the events of this run that are stored, as they were stored. */
  const stored = async (): Promise<string[]> => {
    const text = "select name from events.event where name like $1 order by stored_at";
    const rows = await query<{ name: string }>(stack.database, text, [`% ${run}`]);
    return rows.map(({ name }) => name.split(" ")[0]!);
  };
  const allStored = (expected: readonly string[]): Promise<true> =>
    waitFor(
      `${expected.join(", ")} in PostgreSQL`,
      60,
      async () => (await stored()).join() === expected.join() || undefined,
    );
  const version = async (): Promise<number> => {
    const text = "select current_setting('server_version_num')::int / 10000 as major";
    return (await query<{ major: number }>(stack.database, text))[0]!.major;
  };

  beforeAll(async () => {
    await bringUpPlainStack();
    stack = await describeStack(PLAIN_STACK);
    await send("Before");
    await allStored(["Before"]);
  }, 20 * MINUTE);

  test(
    "the next version serves what was stored, and what came in meanwhile",
    async () => {
      const image = await postgres18Image();
      succeeded(await npmRun("backup", ["--stack", PLAIN_STACK, "--upgrade"]));
      await send("Meanwhile");
      await bringUpPlainStack({ postgresImage: image });
      expect(await version()).toBe(18);
      await allStored(["Before", "Meanwhile"]);
      await send("After");
      await allStored(["Before", "Meanwhile", "After"]);
    },
    15 * MINUTE,
  );

  test(
    "the way back: the former version goes on with what it had",
    async () => {
      await bringUpPlainStack();
      expect(await version()).toBe(15);
      await allStored(["Before"]);
      await send("Back");
      await allStored(["Before", "Back"]);
    },
    15 * MINUTE,
  );
});
