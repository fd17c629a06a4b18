import { readPlatform } from "../../local/platform.ts";
import { stackSettings } from "./settings.ts";
import { readStackFile } from "./stack-file.ts";

/**
 * Path of the kubeconfig that leads to the cluster of a stack.
 *
 * @throws Error if the stack is on Google Cloud and `KUBECONFIG` names none.
 */
export async function kubeconfigOf(stack: string): Promise<string> {
  const { platform } = await stackSettings(stack);
  if (platform === "local") return (await readPlatform()).kubeconfig;
  if (platform === "kubeconfig") {
    const { config } = (await readStackFile(stack)).toJS() as { config: Record<string, string> };
    return config["marketing-stack:kubeconfig"]!;
  }
  const file = process.env.KUBECONFIG;
  if (file) return file;
  throw new Error(
    `KUBECONFIG must name a file that leads to the cluster of ${stack}, got nothing; get one by gcloud container clusters get-credentials marketing-stack --dns-endpoint`,
  );
}
