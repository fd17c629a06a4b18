import { existsSync } from "node:fs";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { localBackend } from "./environment.ts";
import { pulumiOutput } from "./pulumi.ts";

/**
 * Whether a backend has a stack.
 *
 * @throws Error with the CLI's output if the backend cannot be asked.
 */
export async function hasStack(
  stack: string,
  environment: Record<string, string>,
): Promise<boolean> {
  // Where nothing was ever deployed there is no folder, which the engine does not make.
  if (environment.PULUMI_BACKEND_URL === localBackend && !existsSync(join(statePath, "pulumi"))) {
    return false;
  }
  const stacks = JSON.parse(await pulumiOutput(["stack", "ls", "--json"], environment)) as {
    name: string;
  }[];
  return stacks.some(({ name }) => name === stack);
}
