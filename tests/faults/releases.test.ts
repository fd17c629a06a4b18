import { join } from "node:path";
import { readLock } from "../../stacks/release-lock.ts";
import { rolledStack, type RolledStack } from "../e2e/rolled-stack.ts";
import { succeeded } from "../e2e/stack.ts";
import { killReleaseCommands } from "./killed-release-commands.ts";
import { printedSeed, seeded } from "./random.ts";

const NAME = "rehearsal-versions";
const RELEASES = 5;
const CHANGES = 20;
const HOUR = 3_600_000;

let stack: RolledStack;
const releases: string[] = [];
beforeAll(async () => {
  stack = await rolledStack(
    { name: "test-versions", portBase: 30680 },
    { name: NAME, portBase: 30720 },
  );
  for (let index = 0; index < RELEASES; index += 1) {
    for (const service of ["collector", "worker"]) {
      stack.copy.append(`services/${service}/main.ts`, `\nprocess.title = "version-${index}";\n`);
    }
    releases.push(await stack.sealed());
  }
  succeeded(await stack.run("promote", [releases[0]!, NAME]));
  succeeded(await stack.run("up", ["--stack", NAME]));
}, HOUR);

afterAll(() => stack.remove(), HOUR);

test(
  "twenty versions back and forth lose no event and fail no request",
  async () => {
    const random = seeded(printedSeed());
    for (let change = 1; change <= CHANGES; change += 1) {
      const lock = readLock(NAME, join(stack.copy.path, "releases"))!;
      const isBack = lock.verified.length > 0 && random() < 0.5;
      const others = releases.filter((id) => id !== lock.release);
      const target = others[Math.floor(random() * others.length)]!;
      const began = Date.now();
      const { problems } = await stack.underTraffic(`Change ${change}`, async () => {
        if (isBack) return { said: succeeded(await stack.run("rollback", [NAME])) };
        succeeded(await stack.run("promote", [target, NAME]));
        return { said: succeeded(await stack.run("up", ["--stack", NAME])) };
      });
      const now = readLock(NAME, join(stack.copy.path, "releases"))!.release;
      process.stderr.write(
        `change ${change}: ${lock.release} ${isBack ? "back" : "on"} to ${now}, ${Math.round((Date.now() - began) / 1000)} s\n${problems.map((problem) => `  ${problem}\n`).join("")}`,
      );
      expect(problems).toEqual([]);
      expect(now).toBe(isBack ? lock.verified.at(-1) : target);
    }
  },
  3 * HOUR,
);

test(
  "forty commands killed at random points end as they should when they are run again",
  async () => {
    const hits = await killReleaseCommands(stack, releases, { count: 40, seed: printedSeed() });
    // Kills that come too late prove nothing.
    expect(hits).toBeGreaterThan(20);
  },
  3 * HOUR,
);
