import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "./config.ts";
import type { StackOutputs } from "./outputs.ts";
import { gkePlatform } from "./platforms/gke.ts";
import { localPlatform } from "./platforms/local.ts";
import type { Release } from "./releases.ts";
import { deployServices, type Image } from "./services.ts";

/**
 * An environment that runs a sealed release: builds nothing, and names images by digest only.
 *
 * Before anything was promoted to it, there is only the platform: its registry has to exist before images can be copied
 * into it.
 */
export function prod(release: Release | undefined): Partial<StackOutputs> {
  const config = readConfig();
  const platform = config.google ? gkePlatform(config, config.google) : localPlatform(config);
  if (!release) return { images: {} };

  const sealed = (image: keyof Release["images"]): Image => ({
    reference: `${platform.registry}/${release.images[image]}`,
    resources: [],
  });
  return deployServices(pulumi.getStack(), {
    config,
    platform,
    images: {
      cms: sealed("cms"),
      collector: sealed("collector"),
      worker: sealed("worker"),
      postgres: sealed("postgres"),
    },
  });
}
