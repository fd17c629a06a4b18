import { GrowthBook } from "@growthbook/growthbook";
import type { FeatureApiResponse } from "@growthbook/growthbook";
import fc from "fast-check";

import type { Flag } from "../../../../services/contract/flag.ts";
import { flagsIn } from "../../../../services/collector/flags/flag-row.ts";
import { growthbookFeatures } from "../../../../services/collector/flags/growthbook-features.ts";
import { aFlag } from "./a-flag.ts";
import { anyAttributes, anyConsent, anyFlag, anyId } from "./any-flag.ts";
import { setOf } from "./set-of.ts";

/** What GrowthBook's SDK says by itself, from what the collector serves. */
function sdkSays(flag: Flag, id: string, attributes: object): unknown {
  const { features } = growthbookFeatures(setOf(flag)) as unknown as FeatureApiResponse;
  const sdk = new GrowthBook({ features, attributes: { ...attributes, id } });
  const result = sdk.evalFeature("checkout");
  sdk.destroy();
  return { value: result.value, experiment: result.experimentResult?.key ?? null };
}

test("GrowthBook's SDK gives everybody what the collector gives them, and counts the same", () => {
  fc.assert(
    fc.property(
      anyFlag("growthbook"),
      anyId,
      anyAttributes,
      anyConsent,
      (flag, id, known, consent) => {
        const attributes = { ...known, consent };
        const [deciding] = flagsIn([{ key: "checkout", version: 1, flag }]).flags;
        const { variant, reason } = deciding!.decide(id, attributes);
        const isExposed = reason === "SPLIT" && flag.kind === "experiment";
        expect(sdkSays(flag, id, attributes)).toEqual({
          value: variant.value,
          experiment: isExposed ? variant.key : null,
        });
      },
    ),
    { numRuns: 2_000 },
  );
}, 60_000);

const settled = [
  { key: "off", value: 1, weight: 0 },
  { key: "on", value: 2, weight: 10_000 },
];

test.each<[Partial<Flag>, boolean]>([
  [{ bucketing: "optimizely" }, false],
  [{ bucketing: "vwo", enabled: false }, true],
  [{ bucketing: "vwo", rollout: 0 }, true],
  [{ bucketing: "vwo", variants: settled }, true],
  [{ consent: ["analytics"], variants: settled }, true],
])("a flag with %j is in the features: %j", (changes, isThere) => {
  const { features } = growthbookFeatures(setOf(aFlag(changes))) as { features: object };
  expect(Object.keys(features)).toEqual(isThere ? ["checkout"] : []);
});
