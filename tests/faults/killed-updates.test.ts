import { npmRun } from "../e2e/command.ts";
import { configure, removeStack, succeeded } from "../e2e/stack.ts";
import { killUpdates } from "./killed-updates.ts";
import { printedSeed } from "./random.ts";

const NAME = "test-faults";
const HOUR = 3_600_000;

beforeAll(async () => {
  configure(NAME, { portBase: 30520, sources: ["website"] });
  succeeded(await npmRun("up", ["--stack", NAME]));
}, HOUR);

afterAll(async () => {
  await removeStack(NAME);
}, HOUR);

test(
  "a hundred engines killed at random points leave nothing that the next up does not set right",
  async () => {
    const kills = await killUpdates(NAME, 100, printedSeed());
    // Kills that come too late prove nothing.
    expect(kills.filter(({ hit }) => hit).length).toBeGreaterThan(50);
  },
  4 * HOUR,
);
