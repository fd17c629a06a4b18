import { amplitude } from "./amplitude.ts";
import type { Dialect } from "./dialect.ts";
import { ga4 } from "./ga4.ts";
import { mixpanel } from "./mixpanel.ts";
import { mparticle } from "./mparticle.ts";
import { posthog } from "./posthog.ts";
import { rudder } from "./rudder.ts";
import { segment } from "./segment.ts";
import { snowplow } from "./snowplow.ts";

/** All the dialects that the collector speaks. */
export const dialects: readonly Dialect[] = [
  segment,
  rudder,
  ga4,
  posthog,
  mixpanel,
  amplitude,
  snowplow,
  mparticle,
];
