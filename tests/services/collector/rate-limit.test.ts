import fc from "fast-check";

import { RateLimit } from "../../../services/collector/rate-limit.ts";

test("what a quiet sender may send in ten seconds it may send at once, and then as fast as its rate", () => {
  const limit = new RateLimit(10, 0);
  expect(limit.take(100, 0)).toBe(0);
  expect(limit.take(1, 0)).toBe(1);
  expect(limit.take(1, 99)).toBe(1);
  expect(limit.take(1, 100)).toBe(0);
  expect(limit.take(1, 100)).toBe(1);
});

test("a request larger than the limit is taken, and the next one waits for it", () => {
  const limit = new RateLimit(10, 0);
  expect(limit.take(150, 0)).toBe(0);
  expect(limit.take(1, 0)).toBe(6);
  expect(limit.take(1, 5_000)).toBe(1);
  expect(limit.take(1, 6_000)).toBe(0);
});

test("no sender gets more than its rate, but for the first burst and one request, and waiting as told is enough", () => {
  const requests = fc.array(fc.tuple(fc.nat(5_000), fc.integer({ min: 1, max: 50 })));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), requests, (perSecond, sent) => {
      const limit = new RateLimit(perSecond, 0);
      let now = 0;
      let taken = 0;
      for (const [pause, count] of sent) {
        now += pause;
        const seconds = limit.take(count, now);
        if (seconds === 0) taken += count;
        else {
          now += seconds * 1000;
          expect(limit.take(count, now)).toBe(0);
          taken += count;
        }
        expect(taken).toBeLessThanOrEqual(perSecond * (10 + now / 1000) + 50);
      }
    }),
  );
});
