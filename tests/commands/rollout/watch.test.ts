import { watchStep, type Read } from "../../../commands/rollout/watch.ts";
import type { GateCheck, Gates } from "../../../stacks/gates.ts";

const age: GateCheck = { name: "age", service: "worker", query: "age", most: 60 };
const gates: Gates = { soakSeconds: 30, budgetSeconds: 120, whenQuiet: "return", checks: [age] };
const DAY = 86_400_000;

/** Watches a step by a clock of the test's own; `read` is asked at each reading how many seconds have passed. */
async function watched(read: (seconds: number) => Promise<number | undefined>) {
  const begun = performance.now();
  const seen: string[] = [];
  const reading: Read = async () => ({
    value: await read((performance.now() - begun) / 1000),
    samples: undefined,
  });
  const outcome = watchStep([age], gates, reading, (text) => seen.push(text))
    .catch((error: Error) => error.message)
    .then((verdict) => ({ verdict, seconds: (performance.now() - begun) / 1000 }));
  await jest.advanceTimersByTimeAsync(10 * 60_000);
  return { ...(await outcome), seen };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("a step passes after its soak, whatever the machine's clock is set to meanwhile", async () => {
  const jumps = [DAY, -DAY, 365 * DAY, -365 * DAY];
  const { verdict, seconds } = await watched(async () => {
    jest.setSystemTime(Date.now() + (jumps.shift() ?? 0));
    return 1;
  });
  expect(verdict).toEqual({ kind: "passed", quiet: [] });
  expect(seconds).toBeGreaterThanOrEqual(30);
  expect(seconds).toBeLessThan(40);
});

test("a soak begins anew after what was not there for a while", async () => {
  const { verdict, seconds } = await watched(async (passed) =>
    passed > 20 && passed < 28 ? undefined : 1,
  );
  expect(verdict).toEqual({ kind: "passed", quiet: [] });
  expect(seconds).toBeGreaterThanOrEqual(30 + 30);
});

test("a Prometheus that fails now and then is asked again", async () => {
  const { verdict, seen } = await watched(async (passed) => {
    if (passed < 12) throw new Error("refused");
    return 1;
  });
  expect(verdict).toEqual({ kind: "passed", quiet: [] });
  expect(seen).toContain("refused");
});

test("fails with its error once it failed for the whole budget, though the clock is set back", async () => {
  const { verdict, seconds } = await watched(async () => {
    jest.setSystemTime(Date.now() - DAY);
    throw new Error("refused");
  });
  expect(verdict).toBe("refused");
  expect(seconds).toBeGreaterThanOrEqual(120);
  expect(seconds).toBeLessThan(130);
});

test("fails at the first reading above the limit", async () => {
  const { verdict, seconds } = await watched(async (passed) => (passed < 14 ? 1 : 61));
  expect(verdict).toEqual({
    kind: "failed",
    check: "age",
    reason: "must be at most 60, got 61",
  });
  expect(seconds).toBeLessThan(20);
});
