import type { Progress } from "../../local/progress.ts";
import { toolNames } from "../../local/toolchain/pins.ts";
import { resolveToolchain } from "../../local/toolchain/toolchain.ts";
import { backendOf, engineEnvironment, localBackend } from "./environment.ts";
import type { Foundation } from "./local-foundation.ts";

/**
 * Makes this machine ready to deploy a stack to Google Cloud: the toolchain, and nothing of the local platform.
 *
 * @throws Error if the state would be kept on this machine, under a passphrase that is public.
 */
export async function cloudFoundation(stack: string, progress: Progress): Promise<Foundation> {
  const toolchain = await resolveToolchain(
    progress,
    toolNames.filter((name) => name.startsWith("pulumi")),
  );
  const backend = backendOf("gke");
  if (backend === localBackend) {
    throw new Error(
      `the state of stack ${stack} must be kept where its team has it, got the file backend of this machine, whose passphrase is public; export PULUMI_BACKEND_URL (README.md, "prod on Google Cloud")`,
    );
  }
  return { toolchain, environment: engineEnvironment(toolchain, backend) };
}
