import { npmRun } from "../e2e/command.ts";
import { firedUnderTraffic } from "../e2e/fresh-install.ts";
import { configure, describeStack, removeStack, succeeded } from "../e2e/stack.ts";

const NAME = "test-fresh";
const MINUTE = 60_000;

test(
  "a fresh install runs for 10 minutes under light traffic and fires nothing but the dead-man's switch",
  async () => {
    configure(NAME, { portBase: 30660, sources: ["website"] });
    try {
      const begun = new Date();
      succeeded(await npmRun("up", ["--stack", NAME]));
      const fired = await firedUnderTraffic(await describeStack(NAME), begun, 10 * 60);
      expect(fired.filter((alert) => alert !== "DeadMansSwitch")).toEqual([]);
    } finally {
      await removeStack(NAME);
    }
  },
  40 * MINUTE,
);
