import { existsSync } from "node:fs";
import { join } from "node:path";
import { clonePath } from "../../local/paths.ts";
import { platformStatus, readPlatform, type PlatformStatus } from "../../local/platform.ts";
import type { Progress } from "../../local/progress.ts";
import { resolveToolchain } from "../../local/toolchain/toolchain.ts";
import type { PlatformName } from "../../stacks/platforms/names.ts";
import { credentialsFile, writeCredentials } from "./credentials.ts";
import { backendOf, engineEnvironment } from "./environment.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import { readOutputs, type StackOutputs } from "./outputs.ts";
import { stackSettings } from "./settings.ts";

/** One stack and the platform below it, as they are now; what `npm run status -- --json` prints. */
export interface StackStatus {
  readonly stack: string;
  /**
   * `running`: the platform and every service of the stack work; `degraded`: one does not; `stopped`: the platform is
   * down, or the stack is not deployed.
   */
  readonly state: "running" | "degraded" | "stopped";
  readonly urls: StackOutputs["urls"] | null;
  /** Whether each service is ready; null for one that is not reached from outside the cluster. */
  readonly services: Readonly<Record<"cms" | "collector" | "worker", boolean | null>> | null;
  /** Path of the kubeconfig that leads to the stack's cluster; null where this machine knows none. */
  readonly kubeconfig: string | null;
  /** psql URL of the read-only login. */
  readonly database: string | null;
  /** Path of the file with the admin's login and the write keys. */
  readonly credentials: string | null;
  readonly platform: PlatformStatus;
}

/** How long a service may take to say that it is ready, in milliseconds. */
const TIMEOUT = 3000;

/** Looks at a stack; builds and starts nothing. */
export async function stackStatus(stack: string, progress: Progress): Promise<StackStatus> {
  const platform = await platformStatus();
  const kind = await platformOf(stack);
  const outputs = platform.state === "stopped" ? undefined : await outputsOf(stack, kind, progress);
  if (!outputs) {
    return {
      stack,
      state: "stopped",
      urls: null,
      services: null,
      kubeconfig: null,
      database: null,
      credentials: null,
      platform,
    };
  }
  const [cms, collector, worker] = await Promise.all(
    [outputs.urls.cms, outputs.urls.collector, outputs.urls.worker].map(isReady),
  );
  const services = { cms: cms!, collector: collector!, worker: worker! };
  const works =
    platform.state === "running" && Object.values(services).every((ready) => ready !== false);
  await writeCredentials(stack, outputs);
  return {
    stack,
    state: works ? "running" : "degraded",
    urls: outputs.urls,
    services,
    kubeconfig:
      kind === "local"
        ? (await readPlatform()).kubeconfig
        : await kubeconfigOf(stack).catch(() => null),
    database: outputs.databaseUrl,
    credentials: credentialsFile(stack),
    platform,
  };
}

/** What a stack stands on; one that another clone declares is looked for on this machine. */
async function platformOf(stack: string): Promise<PlatformName> {
  if (!existsSync(join(clonePath, `Pulumi.${stack}.yaml`))) return "local";
  return (await stackSettings(stack)).platform;
}

async function outputsOf(
  stack: string,
  kind: PlatformName,
  progress: Progress,
): Promise<StackOutputs | undefined> {
  // A platform that runs was started with the toolchain: nothing is built here.
  const toolchain = await resolveToolchain(progress, ["pulumi"]);
  return readOutputs(stack, engineEnvironment(toolchain, backendOf(kind)));
}

async function isReady(url: string | null): Promise<boolean | null> {
  if (!url) return null;
  return fetch(new URL("/healthz/ready", url), { signal: AbortSignal.timeout(TIMEOUT) }).then(
    (answer) => answer.ok,
    () => false,
  );
}
