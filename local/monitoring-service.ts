import { join } from "node:path";
import { answers } from "./cluster/probe.ts";
import type { Plan } from "./cluster/plan.ts";
import { clonePath, statePath } from "./paths.ts";
import { pinnedNode } from "./pinned-node.ts";
import type { Service } from "./supervisor/service.ts";

/** The Cloud Monitoring emulator, run from this clone under the pinned Node. */
export function monitoring({ addresses }: Plan): Service {
  const { monitoring: port } = addresses.ports;
  const state = join(statePath, "monitoring");
  return {
    name: "monitoring",
    folders: [state],
    sources: [join(clonePath, "local", "monitoring")],
    isReady: () => answers(`http://127.0.0.1:${port}/healthz/ready`),
    command: [
      pinnedNode,
      join(clonePath, "local", "monitoring", "main.ts"),
      ...["--address", "127.0.0.1", "--port", `${port}`, "--state", state],
    ],
  };
}
