import type { Digest } from "../digest/digest.ts";
import type { PlatformName } from "../../stacks/platforms/names.ts";
import { withEmptyState } from "./empty-state.ts";
import { localBackend } from "./environment.ts";
import { hasStack } from "./has-stack.ts";
import { previewStack } from "./preview.ts";

/** What keeps the Google Cloud provider from asking anybody anything. */
const offline = {
  GOOGLE_OAUTH_ACCESS_TOKEN: "offline",
  PULUMI_GCP_SKIP_REGION_VALIDATION: "true",
  // Nothing listens there: what would be asked all the same fails at once.
  HTTPS_PROXY: "http://127.0.0.1:9",
  KUBECONFIG: "",
};

/** Previews a stack against its state, or, where there is none, against an empty one. */
export async function previewAnywhere({
  stack,
  platform,
  environment,
}: {
  stack: string;
  platform: PlatformName;
  environment: Record<string, string>;
}): Promise<Digest> {
  if (platform === "gke" && environment.PULUMI_BACKEND_URL === localBackend) {
    return withEmptyState(stack, { ...environment, ...offline }, (state) =>
      previewStack({
        stack,
        environment: state.environment,
        configuredIn: state.folder,
        // With it the Kubernetes provider looks for no cluster; in a preview it renders nothing.
        args: [...state.args, "--config", "marketing-stack:renderTo=rendered"],
        notes: [
          "Previewed offline against an empty state, because no backend is set (PULUMI_BACKEND_URL).",
        ],
      }),
    );
  }
  if (await hasStack(stack, environment)) {
    return previewStack({ stack, environment, args: [], notes: [] });
  }
  return withEmptyState(stack, environment, (state) =>
    previewStack({
      stack,
      environment: state.environment,
      configuredIn: state.folder,
      args: state.args,
      notes: ["Previewed against an empty state, because the stack was never deployed."],
    }),
  );
}
