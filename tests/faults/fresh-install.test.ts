import { rmSync } from "node:fs";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { npmRun } from "../e2e/command.ts";
import { firedUnderTraffic } from "../e2e/fresh-install.ts";
import { configure, describeStack, pulumi, succeeded } from "../e2e/stack.ts";

const NAME = "test-fresh";
const MINUTE = 60_000;

test(
  "a fresh install runs for 10 minutes under light traffic and fires nothing but the dead-man's switch",
  async () => {
    const configured = configure(NAME, { portBase: 30660, sources: ["website"] });
    try {
      const begun = new Date();
      succeeded(await npmRun("up", ["--stack", NAME]));
      const fired = await firedUnderTraffic(await describeStack(NAME), begun, 10 * 60);
      expect(fired.filter((alert) => alert !== "DeadMansSwitch")).toEqual([]);
    } finally {
      await pulumi(["destroy", "--yes", "--skip-preview", "--stack", NAME]);
      await pulumi(["stack", "rm", "--yes", "--stack", NAME]);
      rmSync(join(statePath, "stacks", NAME), { recursive: true, force: true });
      configured.remove();
    }
  },
  40 * MINUTE,
);
