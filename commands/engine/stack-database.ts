import pg from "pg";
import { lineProgress } from "../../local/progress.ts";
import { resolveToolchain } from "../../local/toolchain/toolchain.ts";
import { programName } from "../../stacks/names.ts";
import { backendOf, engineEnvironment } from "./environment.ts";
import { readOutputs } from "./outputs.ts";
import { stackSettings } from "./settings.ts";

/** How long the database may take to accept a connection, in milliseconds. */
const PATIENCE = 5000;

/** The output with the URL of each login. */
const URLS = { reader: "databaseUrl", collector: "eventLogUrl", worker: "ledgerUrl" } as const;

/**
 * Does something on a connection to the database `marketing` of a stack, and ends it.
 *
 * One that only its cluster reaches is reached by `DATABASE_URL`, with whatever login that has.
 *
 * @param login `reader` may only read, `collector` stores events, `worker` does what else the stack's commands do.
 * @throws Error if the stack is not deployed, or its database is not reached from this machine.
 */
export async function onStackDatabase<T>(
  stack: string,
  login: "reader" | "collector" | "worker",
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  programName(stack);
  const { platform } = await stackSettings(stack);
  const toolchain = await resolveToolchain(lineProgress(), ["pulumi"]);
  const outputs = await readOutputs(stack, engineEnvironment(toolchain, backendOf(platform)));
  const url = outputs && (outputs[URLS[login]] ?? process.env.DATABASE_URL);
  if (!url) {
    throw new Error(
      outputs
        ? `the database of ${stack} must be reached from this machine, got one that only its cluster reaches; forward its port as releases/README.md says, and set DATABASE_URL`
        : `${stack} must be deployed, got no outputs of it; deploy it with npm run up -- --stack ${stack}`,
    );
  }
  return onDatabase(url, work);
}

/** Does something on a connection to a database, and ends it. */
export async function onDatabase<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE });
  // One that is lost between two queries fails the next; unheard, it ends the process with a trace.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
