import { join } from "node:path";
import { clonePath, statePath } from "../../local/paths.ts";
import { readPlatform } from "../../local/platform.ts";
import type { StackDeclaration } from "../../policy/rule.ts";
import { rules } from "../../policy/rules.ts";
import { programName } from "../../stacks/names.ts";
import { publicHosts } from "../../stacks/platforms/public-hosts.ts";
import { stackPorts } from "../../stacks/stack-ports.ts";
import { writeWhole } from "../../local/write-whole.ts";
import { stackSettings } from "./settings.ts";

/**
 * Arguments by which a preview or an update of a stack is held to the policies (`policy/`).
 *
 * Leaves what the pack is told of the stack beside the stack's logs, because the engine takes it from a file.
 */
export async function policyArguments(stack: string): Promise<string[]> {
  const declaration = await declarationOf(stack);
  const path = join(statePath, "stacks", stack, "policy.json");
  const config = Object.fromEntries(rules.map(({ name }) => [name, declaration]));
  await writeWhole(path, JSON.stringify(config), 0o600);
  return ["--policy-pack", join(clonePath, "policy"), "--policy-pack-config", path];
}

async function declarationOf(stack: string): Promise<StackDeclaration> {
  const { portBase, tlsPort, registry, domain, protectsData } = await stackSettings(stack);
  return {
    registry: registry ?? (await readPlatform()).registry,
    buildsImages: programName(stack) === "dev",
    nodePorts: [
      ...(portBase === undefined ? [] : Object.values(stackPorts(portBase))),
      ...(tlsPort === undefined ? [] : [tlsPort]),
    ],
    publicHosts: domain === undefined ? [] : Object.values(publicHosts(domain)),
    protectsData,
  };
}
