import type { Channel } from "../../services/contract/campaign.ts";
import { hasStack } from "./has-stack.ts";
import { pulumiOutput } from "./pulumi.ts";

/** What a stack exports (stacks/dev.ts). */
export interface StackOutputs {
  readonly namespace: string;
  /** Addresses from outside the cluster; null where there is none. */
  readonly urls: Readonly<Record<"cms" | "collector" | "worker", string | null>> & {
    readonly monitoring: string;
  };
  /** psql URL of the read-only login from this machine; null if only the cluster reaches the database. */
  readonly databaseUrl: string | null;
  /** psql URL of a login that may add to the ledger; absent where {@link databaseUrl} is null. */
  readonly ledgerUrl?: string | null;
  /** psql URL of the login that stores events; absent where {@link databaseUrl} is null. */
  readonly eventLogUrl?: string | null;
  readonly adminEmail: string;
  readonly adminPassword: string;
  /** Token by which releases read and write the CMS's content; absent where the stack was deployed before there was one. */
  readonly contentApiToken?: string;
  /** Write key by source. */
  readonly writeKeys: Readonly<Record<string, string>>;
  /** Ways out of campaigns' messages; absent where the stack was deployed before it told. */
  readonly channels?: {
    readonly hasMail: boolean;
    readonly connectors: Readonly<Record<string, Channel["kind"]>>;
  };
  /** Image reference by service, and of `postgres`. */
  readonly images: Readonly<Record<string, string>>;
  /** Name servers that the stack's domain has to be delegated to, once; null without a domain. */
  readonly nameServers: readonly string[] | null;
}

/**
 * The outputs of a stack, secrets in plain text.
 *
 * @returns undefined if the stack does not exist, was never deployed, or runs no release yet.
 * @throws Error with the CLI's output if they cannot be read.
 */
export async function readOutputs(
  stack: string,
  environment: Record<string, string>,
): Promise<StackOutputs | undefined> {
  const args = ["stack", "output", "--json", "--show-secrets", "--stack", stack];
  const text = await pulumiOutput(args, environment).catch(async (error: Error) => {
    // Where the stacks cannot be listed either, the first error says why.
    if (await hasStack(stack, environment).catch(() => true)) throw error;
    return "{}";
  });
  const outputs = JSON.parse(text) as Partial<StackOutputs>;
  return outputs.urls ? (outputs as StackOutputs) : undefined;
}
