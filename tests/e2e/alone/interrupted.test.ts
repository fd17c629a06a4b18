import { killUpdates } from "../../faults/killed-updates.ts";
import { printedSeed } from "../../faults/random.ts";
import { bringUpPlainStack, PLAIN_STACK } from "../plain-stack.ts";

const MINUTE = 60_000;

beforeAll(bringUpPlainStack, 10 * MINUTE);

test(
  "five engines killed at random points each leave what the next up sets right, with nothing orphaned",
  async () => {
    const kills = await killUpdates(PLAIN_STACK, 5, printedSeed());
    expect(kills).toHaveLength(5);
  },
  20 * MINUTE,
);
