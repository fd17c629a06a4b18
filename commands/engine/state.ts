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
  /** True for what a replacement has yet to delete. */
  readonly delete?: boolean;
}

/** What a stack has deployed; secrets stay encrypted. */
export async function readState(
  stack: string,
  environment: Record<string, string>,
): Promise<StateResource[]> {
  const text = await pulumiOutput(["stack", "export", "--stack", stack], environment);
  const { deployment } = JSON.parse(text) as { deployment: { resources?: StateResource[] } };
  return deployment.resources ?? [];
}
