import { pulumiOutput } from "../engine/pulumi.ts";
import { parseExpiry } from "./expiry.ts";
import { REVIEW } from "./names.ts";

/** One review stack of the backend, whichever clone made it. */
export interface ReviewStack {
  readonly stack: string;
  /** Undefined where the command that made the stack was killed before it said so. */
  readonly expiresAt: Date | undefined;
  /** First of its ports; undefined as `expiresAt` is. */
  readonly portBase: number | undefined;
}

/** Stack tags live in the backend beside the state: they need no clone, and go with the stack. */
const EXPIRES_AT = "marketing-stack:expires-at";
const PORT_BASE = "marketing-stack:port-base";

/** Names of all stacks of the backend. */
export async function stackNames(environment: Record<string, string>): Promise<string[]> {
  const listed = await pulumiOutput(["stack", "ls", "--json"], environment);
  return (JSON.parse(listed) as { name: string }[]).map(({ name }) => name);
}

/** All review stacks of the backend, half-made and half-removed ones too. */
export async function reviewStacks(environment: Record<string, string>): Promise<ReviewStack[]> {
  const names = (await stackNames(environment)).filter((name) => name.startsWith(REVIEW));
  return Promise.all(names.map((stack) => readReviewStack(stack, environment)));
}

/** Sets when a review stack expires. */
export async function setExpiry(
  stack: string,
  expiresAt: Date,
  environment: Record<string, string>,
): Promise<void> {
  await setTag(stack, EXPIRES_AT, expiresAt.toISOString(), environment);
}

/** Sets the first port of a review stack. */
export async function setPortBase(
  stack: string,
  portBase: number,
  environment: Record<string, string>,
): Promise<void> {
  await setTag(stack, PORT_BASE, String(portBase), environment);
}

async function readReviewStack(
  stack: string,
  environment: Record<string, string>,
): Promise<ReviewStack> {
  const listed = await pulumiOutput(
    ["stack", "tag", "ls", "--json", "--stack", stack],
    environment,
  );
  const tags = JSON.parse(listed) as Record<string, string>;
  const portBase = Number(tags[PORT_BASE]);
  return {
    stack,
    expiresAt: parseExpiry(tags[EXPIRES_AT]),
    portBase: Number.isInteger(portBase) ? portBase : undefined,
  };
}

async function setTag(
  stack: string,
  name: string,
  value: string,
  environment: Record<string, string>,
): Promise<void> {
  await pulumiOutput(["stack", "tag", "set", name, value, "--stack", stack], environment);
}
