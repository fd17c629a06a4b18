import * as pulumi from "@pulumi/pulumi";
import { ServiceImage } from "../infra/service-image.ts";
import { readConfig } from "./config.ts";
import { bundledContext, sourceContext, type BuildContext } from "./images.ts";
import type { StackOutputs } from "./outputs.ts";
import { localPlatform } from "./platforms/local.ts";
import { deployServices, type Image } from "./services.ts";

/** An environment for development: builds what it runs from this clone. */
export function dev(): StackOutputs {
  const config = readConfig();
  if (config.platform === "gke") {
    throw new Error(
      "marketing-stack:platform must be local or kubeconfig for a stack that builds its images, got gke; promote a release to prod instead",
    );
  }
  const platform = localPlatform(config);
  const docker = platform.builder();
  const baseImage = platform.nodeImage;
  const build = (service: string, context: BuildContext): Image => {
    const image = new ServiceImage(
      service,
      { registry: platform.registry, ...context },
      { providers: { docker } },
    );
    return { reference: image.reference, resources: [image] };
  };

  return deployServices(pulumi.getStack(), {
    config,
    platform,
    images: {
      // Its build installs packages.
      cms: build("cms", sourceContext("cms", { baseImage, hostNetwork: true })),
      collector: build("collector", bundledContext("collector", { baseImage })),
      worker: build("worker", bundledContext("worker", { baseImage })),
      postgres: { reference: platform.postgresImage, resources: [] },
    },
  });
}
