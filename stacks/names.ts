/** Programs, each with the stacks that run it: names, or beginnings of names that end with `*`. */
const stacksOf = {
  dev: ["dev", "test-*", "review-*"],
  prod: ["prod", "rehearsal", "rehearsal-*"],
} as const;

/** Name of a program. */
export type ProgramName = keyof typeof stacksOf;

/**
 * Name of the program that a stack runs.
 *
 * @throws Error naming the known stacks.
 */
export function programName(stack: string): ProgramName {
  for (const [program, stacks] of Object.entries(stacksOf)) {
    if (stacks.some((known) => matches(stack, known))) return program as ProgramName;
  }
  const known = Object.values(stacksOf).flat();
  throw new Error(`stack must be one of ${known.join(", ")}, got ${JSON.stringify(stack)}`);
}

function matches(stack: string, known: string): boolean {
  if (!known.endsWith("*")) return stack === known;
  return stack.startsWith(known.slice(0, -1)) && /^[a-z0-9-]{0,39}[a-z0-9]$/.test(stack);
}
