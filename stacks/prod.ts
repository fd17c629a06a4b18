import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "./config.ts";
import type { StackOutputs } from "./outputs.ts";
import { gkePlatform } from "./platforms/gke.ts";
import { localPlatform } from "./platforms/local.ts";
import type { Release } from "./releases.ts";
import type { RolloutStep } from "./rollout.ts";
import { deployServices, type Image } from "./services.ts";

/** What an environment runs, and from what it comes while a roll-out is under way. */
export interface Released {
  readonly release: Release;
  /** Set while only a part of the pods runs it. */
  readonly rollout?: { readonly step: RolloutStep; readonly from: Release };
}

/**
 * An environment that runs a sealed release: builds nothing, and names images by digest only.
 *
 * Before anything was promoted to it, there is only the platform: its registry has to exist before images can be copied
 * into it.
 */
export function prod(released: Released | undefined): Partial<StackOutputs> {
  const config = readConfig();
  const platform = config.google ? gkePlatform(config, config.google) : localPlatform(config);
  if (!released) return { images: {} };

  const { release, rollout } = released;
  const isChanged = (service: "collector" | "worker"): boolean =>
    rollout !== undefined && rollout.from.images[service] !== release.images[service];
  const sealed = (image: keyof Release["images"], { images } = release): Image => ({
    reference: `${platform.registry}/${images[image]}`,
    resources: [],
  });
  return deployServices(pulumi.getStack(), {
    config,
    platform,
    images: {
      // Pages are rendered by one version: the CMS changes as a whole, at the end.
      cms: sealed("cms", rollout?.from),
      collector: sealed("collector"),
      worker: sealed("worker"),
      postgres: sealed("postgres", rollout?.from),
    },
    ...(rollout && {
      rollout: {
        step: rollout.step,
        collector: isChanged("collector"),
        worker: isChanged("worker") ? sealed("worker", rollout.from) : undefined,
        migrations: rollout.from.migrations,
      },
    }),
  });
}
