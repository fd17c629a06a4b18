import { pulumiOutput } from "./pulumi.ts";

/** One resource of a stack's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  /** Id by which the provider knows it. */
  readonly id?: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** When the provider made it, in RFC 3339. */
  readonly created?: string;
  /** True for what a replacement has yet to delete. */
  readonly delete?: boolean;
}

/** An operation that was in flight when the engine ended. */
export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: Pick<StateResource, "urn" | "type">;
}

/** A stack's state; secrets stay encrypted. */
export interface StackState {
  /** What it has deployed. */
  readonly resources: readonly StateResource[];
  readonly pending: readonly PendingOperation[];
}

/**
 * Reads the state of a stack.
 *
 * @throws Error if the backend has no such stack.
 */
export async function readState(
  stack: string,
  environment: Record<string, string>,
): Promise<StackState> {
  const text = await pulumiOutput(["stack", "export", "--stack", stack], environment);
  const { deployment } = JSON.parse(text) as {
    deployment: { resources?: StateResource[]; pending_operations?: PendingOperation[] };
  };
  return { resources: deployment.resources ?? [], pending: deployment.pending_operations ?? [] };
}
