import { rmSync } from "node:fs";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { killUpdates } from "../faults/killed-updates.ts";
import { printedSeed } from "../faults/random.ts";
import { npmRun } from "./command.ts";
import { configure, pulumi, succeeded } from "./stack.ts";

const NAME = "test-faults";
const MINUTE = 60_000;

let config: { remove(): void };
beforeAll(async () => {
  config = configure(NAME, { portBase: 30520, sources: ["website"] });
  succeeded(await npmRun("up", ["--stack", NAME]));
}, 10 * MINUTE);

afterAll(async () => {
  await pulumi(["destroy", "--yes", "--skip-preview", "--stack", NAME]);
  await pulumi(["stack", "rm", "--yes", "--stack", NAME]);
  rmSync(join(statePath, "stacks", NAME), { recursive: true, force: true });
  config.remove();
}, 5 * MINUTE);

test(
  "five engines killed at random points each leave what the next up sets right, with nothing orphaned",
  async () => {
    const kills = await killUpdates(NAME, 5, printedSeed());
    expect(kills).toHaveLength(5);
  },
  20 * MINUTE,
);
