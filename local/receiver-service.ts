import { join } from "node:path";
import type { Plan } from "./cluster/plan.ts";
import { answers } from "./cluster/probe.ts";
import { clonePath } from "./paths.ts";
import { pinnedNode } from "./pinned-node.ts";
import type { Service } from "./supervisor/service.ts";

/**
 * Takes notifications as Slack, PagerDuty, a mail server and webhooks do, so that none leaves the machine.
 *
 * @param cluster whether stacks run here: their letters come in at the node's address.
 */
export function receiver({ addresses }: Plan, { cluster = false } = {}): Service {
  const { receiver: port, receiverSmtp } = addresses.ports;
  return {
    name: "receiver",
    sources: [join(clonePath, "local", "receiver")],
    isReady: () => answers(`http://127.0.0.1:${port}/healthz/ready`),
    command: [
      pinnedNode,
      "--max-old-space-size=64",
      join(clonePath, "local", "receiver", "main.ts"),
      ...["--address", "127.0.0.1", "--port", `${port}`, "--smtp-port", `${receiverSmtp}`],
      ...(cluster ? ["--letters-address", addresses.node] : []),
    ],
  };
}
