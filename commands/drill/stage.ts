import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readPlatform, type Platform } from "../../local/platform.ts";
import type { Progress } from "../../local/progress.ts";
import { resolveToolchain } from "../../local/toolchain/toolchain.ts";
import { engineEnvironment } from "../engine/environment.ts";
import { readOutputs, type StackOutputs } from "../engine/outputs.ts";
import { stackSettings } from "../engine/settings.ts";

/** A running stack of this machine, on which drills are held. */
export interface Stage {
  readonly stack: string;
  /** Google Cloud project of its alert policies. */
  readonly project: string;
  readonly platform: Platform;
  readonly outputs: StackOutputs;
  /** Runs kubectl in the stack's namespace; what it prints. */
  kubectl(...args: string[]): Promise<string>;
  /** Creates a Kubernetes object, or changes it. */
  apply(object: object): Promise<void>;
  /** Runs SQL in a database as its superuser; what psql prints, without heads and feet. */
  sql(database: "cms" | "marketing", text: string): Promise<string>;
}

/**
 * The stage of a stack.
 *
 * @throws Error if it is not deployed, or not on this machine: faults are for a stack that nobody needs.
 */
export async function stageOf(stack: string, progress: Progress): Promise<Stage> {
  const { platform: kind } = await stackSettings(stack);
  if (kind !== "local") {
    throw new Error(
      `stack ${stack} must be on the local platform, got ${kind}; drill one of this machine`,
    );
  }
  const platform = await readPlatform();
  const toolchain = await resolveToolchain(progress, ["pulumi", "kubernetes"]);
  const environment = engineEnvironment(toolchain);
  const outputs = await readOutputs(stack, environment);
  if (!outputs) {
    throw new Error(
      `stack ${stack} must be deployed, got none; npm run up -- --stack ${stack} deploys it`,
    );
  }
  const kubectl = async (args: readonly string[], input = ""): Promise<string> => {
    const where = [`--kubeconfig=${platform.kubeconfig}`, `--namespace=${stack}`];
    const running = promisify(execFile)("kubectl", [...where, ...args], {
      env: { ...process.env, ...environment },
      maxBuffer: 2 ** 24,
    });
    running.child.stdin!.on("error", () => undefined).end(input);
    const { stdout } = await running.catch((error: Error & { stderr?: string }) => {
      throw new Error(`kubectl ${args.join(" ")} must succeed, got: ${error.stderr?.trim()}`, {
        cause: error,
      });
    });
    return stdout;
  };
  return {
    stack,
    project: `marketing-stack-${stack}`,
    platform,
    outputs,
    kubectl: (...args) => kubectl(args),
    apply: async (object) => {
      await kubectl(["apply", "--filename=-"], JSON.stringify(object));
    },
    sql: (database, text) =>
      kubectl([
        ...["exec", "database-0", "--", "psql", "--username=postgres", `--dbname=${database}`],
        ...["--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1", `--command=${text}`],
      ]),
  };
}
