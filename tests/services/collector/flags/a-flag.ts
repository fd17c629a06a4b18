import type { Flag } from "../../../../services/contract/flag.ts";

/** An experiment with two equal variants, `off` and `on`, for everybody, with changes. */
export function aFlag(changes: Partial<Flag> = {}): Flag {
  return {
    key: "checkout",
    kind: "experiment",
    enabled: true,
    bucketing: "growthbook",
    salt: "601",
    variants: [
      { key: "off", value: "grey", weight: 5_000 },
      { key: "on", value: "green", weight: 5_000 },
    ],
    rollout: 10_000,
    audience: [],
    campaign: "spring-sale",
    ...changes,
  };
}
