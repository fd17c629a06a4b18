import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "./config.ts";
import type { StackOutputs } from "./outputs.ts";
import { localPlatform } from "./platforms/local.ts";
import type { Service } from "./platforms/platform.ts";
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
  const platform = localPlatform(config);
  if (!release) return { images: {} };

  const sealed = (service: Service): Image => ({
    reference: `${platform.registry}/marketing-stack/${service}@${release.images[service]}`,
    resources: [],
  });
  return deployServices(pulumi.getStack(), {
    config,
    platform,
    images: { cms: sealed("cms"), collector: sealed("collector"), worker: sealed("worker") },
  });
}
