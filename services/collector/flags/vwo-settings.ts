import type { AudienceRule, Flag, FlagValue } from "../../contract/flag.ts";
import type { Fields } from "../dialects/fields.ts";
import { VWO_ACCOUNT } from "./bucket.ts";
import type { FlagSet } from "./flags.ts";
import { numericId } from "./numeric-id.ts";
import { isTaken, servedTo } from "./served-flags.ts";

/**
 * Flags as settings, which VWO's SDKs decide by. What a flag says is its variable `value`; who does not take part is
 * told that it is off.
 */
export function vwoSettings(set: FlagSet, sdkKey: string): Fields {
  const flags = servedTo("vwo", set);
  return {
    version: 1,
    accountId: VWO_ACCOUNT,
    sdkKey,
    features: flags.map((flag) => ({
      id: numericId("feature", flag.key),
      key: flag.key,
      name: flag.key,
      type: "FEATURE_FLAG",
      status: isTaken(flag) ? "ON" : "OFF",
      metrics: [],
      rules: isTaken(flag)
        ? [{ type: "FLAG_TESTING", ruleKey: flag.key, campaignId: campaignIdOf(flag) }]
        : [],
    })),
    campaigns: flags.filter(isTaken).map(campaignOf),
  };
}

/** Id of the campaign that decides a flag; of its variations, the first has the id 1. */
export function campaignIdOf({ key }: Flag): number {
  return numericId("campaign", key);
}

function campaignOf(flag: Flag): Fields {
  const { key, salt, variants, rollout, audience } = flag;
  return {
    id: campaignIdOf(flag),
    key,
    name: key,
    type: "FLAG_TESTING",
    status: "RUNNING",
    salt,
    percentTraffic: rollout / 100,
    segments: audience.length > 0 ? { and: audience.map(segmentOf) } : {},
    variations: variants.map((variant, index) => ({
      id: index + 1,
      name: variant.key,
      // Its SDKs count buckets up from percent: half a bucket less is not one too many after rounding.
      weight: variant.weight === 0 ? 0 : (variant.weight - 0.5) / 100,
      variables: [
        {
          id: numericId("variable", key),
          key: "value",
          type: typeOf(variant.value),
          value: variant.value,
        },
      ],
    })),
  };
}

function segmentOf({ attribute, in: values = [], not }: AudienceRule): Fields {
  const among = { or: values.map((value) => ({ custom_variable: { [attribute]: value } })) };
  return not ? { not: among } : among;
}

function typeOf(value: FlagValue): string {
  if (typeof value === "number") return "double";
  return typeof value === "object" ? "json" : typeof value;
}
