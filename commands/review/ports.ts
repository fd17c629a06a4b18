import { stackPorts } from "../../stacks/stack-ports.ts";
import { runPulumi } from "../engine/pulumi.ts";
import { portIsFree } from "../engine/stack-ports.ts";
import { reviewStacks, stackNames } from "./stacks.ts";

/** Where the ports of review stacks begin, and the last that `portBase` may be (Pulumi.yaml). */
const FIRST = 31000;
const LAST = 32760;
/** Ports from one review stack to the next; a stack takes the first four. */
const STEP = 10;

/**
 * A first port, such that no stack of the backend has any of the four ports from there and nobody listens on them.
 *
 * @throws Error if there is none.
 */
export async function freePortBase(environment: Record<string, string>): Promise<number> {
  const used = await portsInUse(environment);
  for (const portBase of candidates(used)) {
    const free = await Promise.all(portsOf(portBase).map(portIsFree));
    if (!free.includes(false)) return portBase;
  }
  throw new Error(
    `a review stack must have four free ports between ${FIRST} and ${stackPorts(LAST).database}, found none; npm run review -- list shows which stacks to remove`,
  );
}

/** First ports, in order, whose four ports are not among `used`. */
export function candidates(used: ReadonlySet<number>): number[] {
  const bases: number[] = [];
  for (let base = FIRST; base <= LAST; base += STEP) {
    if (!portsOf(base).some((port) => used.has(port))) bases.push(base);
  }
  return bases;
}

/** Every number that is called `nodePort` anywhere in a stack's exported state. */
export function nodePorts(state: unknown): number[] {
  if (typeof state !== "object" || state === null) return [];
  return Object.entries(state).flatMap(([key, value]) =>
    key === "nodePort" && typeof value === "number" ? [value] : nodePorts(value),
  );
}

function portsOf(portBase: number): number[] {
  return Object.values(stackPorts(portBase));
}

async function portsInUse(environment: Record<string, string>): Promise<Set<number>> {
  const [reviews, names] = await Promise.all([reviewStacks(environment), stackNames(environment)]);
  // A review that is being made has its ports in its tag only.
  const allotted = reviews.flatMap(({ portBase }) => (portBase ? portsOf(portBase) : []));
  const states = await Promise.all(names.map((name) => exportedState(name, environment)));
  return new Set([...allotted, ...states.flatMap(nodePorts)]);
}

/** State of a stack; undefined if it was removed meanwhile. */
async function exportedState(stack: string, environment: Record<string, string>): Promise<unknown> {
  const run = await runPulumi(["stack", "export", "--stack", stack], { environment });
  if (run.code === 0) return JSON.parse(run.stdout);
  if (!(await stackNames(environment)).includes(stack)) return undefined;
  throw new Error(`the state of stack ${stack} must be readable, got ${run.output.trim()}`);
}
