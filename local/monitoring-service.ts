import { join } from "node:path";
import { alertmanagerConfigPath } from "./alertmanager/alertmanager.ts";
import { alertmanagerLogin } from "./alertmanager/login.ts";
import { answers } from "./cluster/probe.ts";
import type { Plan } from "./cluster/plan.ts";
import type { DeliverySettings } from "./monitoring/delivery/settings.ts";
import { clonePath, statePath } from "./paths.ts";
import { pinnedNode } from "./pinned-node.ts";
import { ruleFolder } from "./prometheus/prometheus.ts";
import type { Service } from "./supervisor/service.ts";

/** The Cloud Monitoring emulator, run from this clone under the pinned Node. */
export async function monitoring({ addresses }: Plan): Promise<Service> {
  const { ports } = addresses;
  const { user, password } = await alertmanagerLogin();
  const url = (port: number): string => `http://127.0.0.1:${port}/`;
  const state = join(statePath, "monitoring");
  const delivery = join(statePath, "config", "monitoring-delivery.json");
  const settings: DeliverySettings = {
    prometheus: url(ports.prometheus),
    ruleFolder,
    alertmanager: url(ports.alertmanager),
    alertmanagerConfig: alertmanagerConfigPath,
    alertmanagerLogin: `${user}:${password}`,
    receiver: url(ports.receiver),
    smarthost: `127.0.0.1:${ports.receiverSmtp}`,
  };
  return {
    name: "monitoring",
    folders: [state],
    files: { [delivery]: JSON.stringify(settings) },
    sources: [join(clonePath, "local", "monitoring")],
    isReady: () => answers(`${url(ports.monitoring)}healthz/ready`),
    command: [
      pinnedNode,
      join(clonePath, "local", "monitoring", "main.ts"),
      ...["--address", "127.0.0.1", "--port", `${ports.monitoring}`, "--state", state],
      ...["--delivery", delivery],
    ],
  };
}
