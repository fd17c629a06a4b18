import { createInstance, createStaticProjectConfigManager } from "@optimizely/optimizely-sdk";
import fc from "fast-check";

import type { Flag } from "../../../../services/contract/flag.ts";
import { optimizelyDatafile } from "../../../../services/collector/flags/optimizely-datafile.ts";
import { aFlag } from "./a-flag.ts";
import { anyAttributes, anyFlag, anyId } from "./any-flag.ts";
import { setOf } from "./set-of.ts";

/** What Optimizely's SDK says by itself, from what the collector serves. */
function sdkSays(flag: Flag, id: string, attributes: Record<string, unknown>): unknown {
  const datafile = JSON.stringify(optimizelyDatafile(setOf(flag), "website-key"));
  const sdk = createInstance({
    projectConfigManager: createStaticProjectConfigManager({ datafile }),
  });
  const { variationKey, variables } = sdk
    .createUserContext(id, attributes as Record<string, string>)!
    .decide("checkout");
  return { value: variables.value, variant: variationKey };
}

test("Optimizely's SDK gives everybody what the collector gives them", () => {
  fc.assert(
    fc.property(anyFlag("optimizely"), anyId, anyAttributes, (flag, id, attributes) => {
      const { variant, reason } = setOf(flag).byKey.get("checkout")!.decide(id, attributes);
      expect(sdkSays(flag, id, attributes)).toEqual({
        value: variant.value,
        variant: reason === "SPLIT" ? variant.key : null,
      });
    }),
    { numRuns: 1_000 },
  );
}, 60_000);

test.each([
  [true, false],
  [false, true],
  [false, false],
  [1.5, 2],
  [{ a: 1 }, { a: [] }],
])("values %j and %j arrive as they are", (off, on) => {
  const variants = [
    { key: "off", value: off, weight: 0 },
    { key: "on", value: on, weight: 10_000 },
  ] as unknown as Flag["variants"];
  const flag = aFlag({ bucketing: "optimizely", variants });
  expect(sdkSays(flag, "user-1", {})).toEqual({ value: on, variant: "on" });
  expect(sdkSays({ ...flag, enabled: false }, "user-1", {})).toEqual({ value: off, variant: null });
});
