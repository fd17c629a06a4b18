import type { Flag, Variant } from "../../contract/flag.ts";
import { audienceOf } from "./audience.ts";
import type { Attributes } from "./audience.ts";
import { bucketerOf } from "./bucket.ts";

/** What a flag says to somebody. */
export interface Decision {
  readonly variant: Variant;

  /**
   * Why, in OpenFeature's words: the flag is disabled; it does not concern them, so that they are given the control;
   * they take part.
   */
  readonly reason: "DISABLED" | "DEFAULT" | "SPLIT";
}

/** A flag that can be asked. */
export interface DecidingFlag {
  readonly flag: Flag;

  /** Version of its declaration. */
  readonly version: number;

  /** @param id of the person; two people must not share it. */
  decide(id: string, attributes: Attributes): Decision;
}

/** Makes a flag ready to be asked. */
export function decidingFlag(flag: Flag, version: number): DecidingFlag {
  const bucket = bucketerOf(flag);
  const isInAudience = audienceOf(flag);
  const control: Decision = {
    variant: flag.variants[0]!,
    reason: flag.enabled ? "DEFAULT" : "DISABLED",
  };
  const taken = flag.variants.map((variant): Decision => ({ variant, reason: "SPLIT" }));
  return {
    flag,
    version,
    decide: (id, attributes) => {
      if (!flag.enabled || !isInAudience(attributes)) return control;
      return taken[bucket(id)] ?? control;
    },
  };
}
