import type { Dialect } from "../dialects/dialect.ts";
import type { Flags } from "./flags.ts";
import { growthbook } from "./growthbook.ts";
import { ofrep } from "./ofrep.ts";
import { optimizely } from "./optimizely.ts";
import { vwo } from "./vwo.ts";

/** Every protocol that decisions are asked for in. */
export function decisionDialects(flags: Flags): readonly Dialect[] {
  return [ofrep(flags), growthbook(flags), optimizely(flags), vwo(flags)];
}
