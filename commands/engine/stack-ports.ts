import { createServer } from "node:net";
import { stackPorts, type StackPorts } from "../../stacks/stack-ports.ts";

/** What listens on each port of a stack, in words. */
const SERVICES: Readonly<Record<keyof StackPorts, string>> = {
  cms: "CMS",
  collector: "collector",
  worker: "worker",
  database: "PostgreSQL",
};

/**
 * Checks that no process of this machine listens on a port of the stack.
 *
 * Kubernetes serves node ports without listening, so the ports of a running stack are free too.
 *
 * @throws Error naming each busy port and what it is for.
 */
export async function checkStackPorts(stack: string, portBase: number): Promise<void> {
  const taken = stackPorts(portBase);
  const ports = (Object.keys(SERVICES) as (keyof StackPorts)[]).map((name) => ({
    service: SERVICES[name],
    port: taken[name],
  }));
  const busy = await Promise.all(ports.map(async ({ port }) => !(await portIsFree(port))));
  const problems = ports
    .filter((_, index) => busy[index])
    .map(
      ({ service, port }) =>
        `port ${port} (${service}) must be free, found a process that listens on it`,
    );
  if (problems.length > 0) {
    throw new Error(
      `${problems.join("; ")}; end that process or set marketing-stack:portBase in Pulumi.${stack}.yaml to a free range`,
    );
  }
}

/** Whether no process listens on a port of 127.0.0.1. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
