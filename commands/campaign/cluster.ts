import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { lineProgress } from "../../local/progress.ts";
import { resolveToolchain } from "../../local/toolchain/toolchain.ts";
import { engineEnvironment } from "../engine/environment.ts";
import { kubeconfigOf } from "../engine/kubeconfig.ts";

/** Most bytes that the cluster may answer: a thousand campaigns have three million. */
const MOST_BYTES = 64 * 2 ** 20;

/** The campaigns of a stack where they run. */
export interface StackCluster {
  /** Everything in the namespace of a kind, such as `campaigns.marketing.stack`. */
  list<T>(kind: string): Promise<readonly T[]>;
  /** Annotations of the namespace. */
  namespaceAnnotations(): Promise<Readonly<Record<string, string>>>;
  /** Sets an annotation, or takes it away, of campaigns or of the namespace. */
  annotate(
    target: readonly ["campaign", ...string[]] | "namespace",
    annotation: string,
    value: string | undefined,
  ): Promise<void>;
}

/**
 * The cluster that a stack runs in.
 *
 * @throws Error if no kubeconfig leads there; from its methods with what kubectl says.
 */
export async function stackCluster(stack: string): Promise<StackCluster> {
  const kubeconfig = await kubeconfigOf(stack);
  const toolchain = await resolveToolchain(lineProgress(), ["kubernetes"]);
  const env = { ...process.env, ...engineEnvironment(toolchain) };
  const kubectl = async (...args: string[]): Promise<string> => {
    const where = [`--kubeconfig=${kubeconfig}`, `--namespace=${stack}`];
    const { stdout } = await promisify(execFile)("kubectl", [...where, ...args], {
      env,
      maxBuffer: MOST_BYTES,
    }).catch((error: Error & { stderr?: string }) => {
      throw new Error(`kubectl ${args.join(" ")} must succeed, got: ${error.stderr?.trim()}`, {
        cause: error,
      });
    });
    return stdout;
  };
  return {
    async list<T>(kind: string) {
      const { items } = JSON.parse(await kubectl("get", kind, "--output=json")) as { items: T[] };
      return items;
    },
    async namespaceAnnotations() {
      const { metadata } = JSON.parse(
        await kubectl("get", "namespace", stack, "--output=json"),
      ) as { metadata: { annotations?: Record<string, string> } };
      return metadata.annotations ?? {};
    },
    async annotate(target, annotation, value) {
      const [kind, ...names] = target === "namespace" ? ["namespace", stack] : target;
      const change = value === undefined ? `${annotation}-` : `${annotation}=${value}`;
      // The engine takes over what kubectl wrote under its own name, and would take it away with the next change.
      const manager = "--field-manager=marketing-stack";
      await kubectl("annotate", "--overwrite", manager, kind!, ...names, change);
    },
  };
}
