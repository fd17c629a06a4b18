import { runPulumi } from "./pulumi.ts";

/** What a stack exports (stacks/dev.ts). */
export interface StackOutputs {
  readonly namespace: string;
  readonly urls: { cms: string; collector: string; worker: string; monitoring: string };
  /** psql URL of the read-only login, reachable from this machine. */
  readonly databaseUrl: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  /** Write key by source. */
  readonly writeKeys: Readonly<Record<string, string>>;
  /** Image reference by service. */
  readonly images: Readonly<Record<string, string>>;
}

/**
 * The outputs of a stack, secrets in plain text.
 *
 * @returns undefined if the stack does not exist or was never deployed.
 */
export async function readOutputs(
  stack: string,
  environment: Record<string, string>,
): Promise<StackOutputs | undefined> {
  const run = await runPulumi(["stack", "output", "--json", "--show-secrets", "--stack", stack], {
    environment,
  });
  if (run.code !== 0) return undefined;
  const outputs = JSON.parse(run.stdout) as StackOutputs;
  return outputs.urls ? outputs : undefined;
}
