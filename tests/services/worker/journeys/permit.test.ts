import { LONGEST_PERMIT, permit } from "../../../../services/worker/journeys/permit.ts";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("is over by the clock alone, as after a freeze, in which no timer runs", () => {
  const inTime = permit(performance.now() - 2999, async () => true);
  const late = permit(performance.now() - 3001, async () => true);
  expect([inTime.signal.aborted, late.signal.aborted]).toEqual([false, true]);
  inTime.end();
  late.end();
});

test("goes on as long as what let it out still counts, but not for ever", async () => {
  const { signal, end } = permit(performance.now(), async () => true);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(signal.aborted).toBe(false);
  await jest.advanceTimersByTimeAsync(LONGEST_PERMIT - 10_000);
  expect(signal.aborted).toBe(false);
  await jest.advanceTimersByTimeAsync(1000);
  expect(signal.aborted).toBe(true);
  end();
});

test.each<[string, () => Promise<boolean>, number]>([
  ["it may not leave any more", async () => false, 1000],
  ["nobody can say", async () => Promise.reject(new Error("the database is away")), 4000],
])("whoever waits for it hears when %s", async (_why, stillMay, after) => {
  const { signal, end } = permit(performance.now(), stillMay);
  const heard = jest.fn();
  signal.addEventListener("abort", heard);
  await jest.advanceTimersByTimeAsync(after - 1);
  expect(heard).toHaveBeenCalledTimes(0);
  await jest.advanceTimersByTimeAsync(1);
  expect([heard.mock.calls.length, signal.aborted]).toEqual([1, true]);
  end();
});
