import { Registry } from "prom-client";
import { ONE_SCRAPE, remembered } from "../../../services/worker/remembered.ts";
import { addSpendMetrics, type Spend } from "../../../services/worker/spend-metrics.ts";

let clock: number;
beforeEach(() => {
  clock = 0;
  jest.spyOn(performance, "now").mockImplementation(() => clock);
});
afterEach(() => jest.restoreAllMocks());

/** A reader that says what it was asked for and how often it was asked until then. */
function counting(): { read: (...asked: string[]) => Promise<string>; reads: () => number } {
  let reads = 0;
  return {
    read: async (...asked) => {
      reads += 1;
      return `${asked.join("/")} ${reads}`;
    },
    reads: () => reads,
  };
}

test("an answer counts for its time, and is read anew after it", async () => {
  const find = remembered(100, counting().read);
  expect(await find("a")).toBe("a 1");
  clock = 99;
  expect(await find("a")).toBe("a 1");
  clock = 100;
  expect(await find("a")).toBe("a 2");
  clock = 199;
  expect(await find("a")).toBe("a 2");
});

test("each thing that is asked for has an answer of its own", async () => {
  const find = remembered(100, counting().read);
  expect(await find("a", "b")).toBe("a/b 1");
  expect(await find("a/b")).toBe("a/b 2");
  expect(await find('a","b')).toBe('a","b 3');
  expect(await find()).toBe(" 4");
  expect(await find("a", "b")).toBe("a/b 1");
});

test("who asks while it reads waits for the same answer", async () => {
  let answer!: (found: string) => void;
  let reads = 0;
  const find = remembered(100, () => {
    reads += 1;
    return new Promise<string>((resolve) => (answer = resolve));
  });
  const both = Promise.all([find(), find()]);
  answer("found");
  expect(await both).toEqual(["found", "found"]);
  expect(reads).toBe(1);
});

test("an answer that does not come in its time holds up nobody who asks later", async () => {
  const answers: ((found: string) => void)[] = [];
  const find = remembered(100, () => new Promise<string>((resolve) => answers.push(resolve)));
  void find();
  clock = 100;
  const later = find();
  answers[1]!("found");
  expect(await later).toBe("found");
});

test("fails for all who wait for a read that failed, and reads again for the next one", async () => {
  let isAway = true;
  const find = remembered(100, async () => {
    if (isAway) throw new Error("away");
    return "found";
  });
  const both = await Promise.allSettled([find(), find()]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  isAway = false;
  expect(await find()).toBe("found");
});

test("a read that fails late takes no newer answer with it", async () => {
  const ends: { fail: (error: Error) => void; answer: (found: string) => void }[] = [];
  const find = remembered(
    100,
    () => new Promise<string>((answer, fail) => ends.push({ answer, fail })),
  );
  const first = find();
  clock = 100;
  const second = find();
  ends[1]!.answer("found");
  ends[0]!.fail(new Error("late"));
  await expect(first).rejects.toThrow("late");
  expect(await second).toBe("found");
  expect(await find()).toBe("found");
  expect(ends).toHaveLength(2);
});

test("500 answers are kept, the oldest goes first", async () => {
  const { read, reads } = counting();
  const find = remembered(100, read);
  for (let one = 0; one < 501; one += 1) await find(String(one));
  await find("1");
  await find("500");
  expect(reads()).toBe(501);
  await find("0");
  expect(reads()).toBe(502);
});

test("what several metrics show is read once a scrape", async () => {
  const registry = new Registry();
  let reads = 0;
  addSpendMetrics(
    registry,
    remembered(ONE_SCRAPE, async (): Promise<Spend[]> => {
      reads += 1;
      return [{ campaign: "spring", today: reads, daily: 20 }];
    }),
  );
  expect(await registry.metrics()).toContain('campaign="spring"} 1');
  expect(reads).toBe(1);
  clock = ONE_SCRAPE;
  expect(await registry.metrics()).toContain('campaign="spring"} 2');
  expect(reads).toBe(2);
});
