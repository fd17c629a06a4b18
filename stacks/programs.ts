import type { StackOutputs } from "./outputs.ts";
import { dev } from "./dev.ts";

/** Programs by the name of the stack, or of the family of stacks, that runs them. */
const programs: Readonly<Record<string, () => StackOutputs>> = { dev, "test-*": dev };

/**
 * The program that the stack of this name runs.
 *
 * @throws Error naming the known stacks.
 */
export function programOf(stack: string): () => StackOutputs {
  const known = Object.keys(programs);
  const name = known.find((each) =>
    each.endsWith("*")
      ? /^[a-z0-9-]+$/.test(stack) && stack.startsWith(each.slice(0, -1))
      : each === stack,
  );
  if (!name) {
    throw new Error(`stack must be one of ${known.join(", ")}, got ${JSON.stringify(stack)}`);
  }
  return programs[name]!;
}
