import { join } from "node:path";
import { readLock } from "../../stacks/release-lock.ts";
import { rolledStack, type RolledStack } from "./rolled-stack.ts";
import { describeStack, query, succeeded } from "./stack.ts";

const NAME = "rehearsal-rollout";
const MINUTE = 60_000;

const FIELD = `    campaign: "line->>'campaign'",\n`;
const NEW_FIELD = `    version: "'next'",\n`;
// The quicker way to store events knows nothing of the new field.
const QUICKLY = "  prepareQuickly: prepareNewEvents,\n";
const NOT_QUICKLY = `  //${QUICKLY}`;
const START = "    const { method, path } = request;\n";
const FAULT = `    if (path === "/v1/batch" && Math.random() < 0.3) return json(500, errorBody("broken", "broken"));\n`;

// A change goes dev → release → promote → prod in steps, under a steady stream of events of the official SDK; then a broken one.
describe("a release rolls out step by step", () => {
  let stack: RolledStack;
  let first: string;
  let good: string;
  let broken: string;
  let contracted: string;

  const rollOut = (event: string) =>
    stack.underTraffic(event, () => stack.run("up", ["--stack", NAME]));

  beforeAll(async () => {
    stack = await rolledStack(
      { name: "test-rolled", portBase: 30680 },
      { name: NAME, portBase: 30720 },
    );
    first = await stack.promoted();
    succeeded(await stack.run("up", ["--stack", NAME]));
  }, 15 * MINUTE);

  afterAll(() => stack.remove(), 10 * MINUTE);

  test(
    "a good one with a migration reaches every pod, and no request fails",
    async () => {
      const before = await stack.collectors();
      // A new column, which the new version fills: the old one stores events beside it, as long as both run.
      stack.copy.append(
        "services/collector/migrations/0090-version.sql",
        "ALTER TABLE events.event ADD COLUMN IF NOT EXISTS version text;\n",
      );
      stack.copy.replace("services/collector/postgres-sink.ts", FIELD, FIELD + NEW_FIELD);
      stack.copy.replace("services/collector/postgres-sink.ts", QUICKLY, NOT_QUICKLY);
      good = await stack.promoted();
      const up = await rollOut("Good");
      succeeded(up);
      expect(up.stderr).toMatch(/✓ gates of step canary.*✓ gates of step end/s);
      expect(up.problems).toEqual([]);
      expect(readLock(NAME, join(stack.copy.path, "releases"))).toMatchObject({
        release: good,
        verified: [first],
      });
      const after = await stack.collectors();
      expect([after.length, after.some((image) => before.includes(image))]).toEqual([1, false]);
      const { database } = await describeStack(NAME);
      const text = "select distinct version from events.event where name = 'Good' order by version";
      expect(await query(database, text)).toEqual([{ version: "next" }, { version: null }]);
    },
    10 * MINUTE,
  );

  test(
    "fails on a broken one at its canary, and the last verified release serves again by itself",
    async () => {
      const before = await stack.collectors();
      stack.copy.replace("services/collector/app.ts", START, START + FAULT);
      broken = await stack.promoted();
      const up = await rollOut("Broken");
      expect(up.code).toBe(1);
      expect(up.stderr).toMatch(
        new RegExp(
          `release ${broken} must stand its roll-out, got: gate "the collector answers" of step canary must be at most 0\\.05, got .*; ${NAME} runs release ${good} again`,
        ),
      );
      expect(await stack.collectors()).toEqual(before);
      expect(readLock(NAME, join(stack.copy.path, "releases"))).toMatchObject({
        release: good,
        verified: [first],
      });
    },
    10 * MINUTE,
  );

  test(
    "one whose migration takes away what others use goes forward only",
    async () => {
      stack.copy.replace("services/collector/app.ts", START + FAULT, START);
      stack.copy.replace("services/collector/postgres-sink.ts", NEW_FIELD, "");
      stack.copy.replace("services/collector/postgres-sink.ts", NOT_QUICKLY, QUICKLY);
      stack.copy.append(
        "services/collector/migrations/0091-version.contract.sql",
        "ALTER TABLE events.event DROP COLUMN IF EXISTS version;\n",
      );
      contracted = await stack.promoted();
      const up = await rollOut("Contracted");
      succeeded(up);
      expect(up.problems).toEqual([]);
      const { database } = await describeStack(NAME);
      const text =
        "select 1 from pg_attribute where attrelid = 'events.event'::regclass and attname = 'version'";
      expect(await query(database, text)).toEqual([]);
      const back = await stack.run("rollback", [NAME]);
      expect(back.code).toBe(1);
      expect(back.stderr).toContain(
        "collector/0091-version.contract.sql cannot be undone: it took away what that release uses; seal and promote a release that repairs the fault instead",
      );
      expect(readLock(NAME, join(stack.copy.path, "releases"))?.release).toBe(contracted);
    },
    15 * MINUTE,
  );

  test("history tells the story", async () => {
    const { entries } = JSON.parse(
      succeeded(await stack.run("history", ["--stack", NAME, "--json"])),
    ) as { entries: { kind: string; subject: string; occurredAt: string }[] };
    expect(entries.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      `promotion ${first}`,
      `deploy ${first}`,
      `promotion ${good}`,
      "gate canary",
      "gate end",
      `deploy ${good}`,
      `promotion ${broken}`,
      "gate canary",
      `rollback ${good}`,
      `deploy ${broken}`,
      `deploy ${good}`,
      `promotion ${contracted}`,
      "gate canary",
      // What a contracting migration takes away goes when no pod of before runs any more.
      "gate all",
      "gate end",
      `deploy ${contracted}`,
    ]);
    const [failed, , , back] = entries.slice(7).map(({ occurredAt }) => Date.parse(occurredAt));
    process.stderr.write(`serving again ${(back! - failed!) / 1000} s after the gate failed\n`);
  });
});
