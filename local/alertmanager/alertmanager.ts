import { join } from "node:path";
import type { Plan } from "../cluster/plan.ts";
import { statePath } from "../paths.ts";
import type { Service } from "../supervisor/service.ts";
import { alertmanagerLogin } from "./login.ts";

/** How long it remembers whom it has notified; longer than any incident is repeated after. */
const RETENTION = "2161h";

/** How long it may take to say whether it is ready, in milliseconds. */
const PATIENCE = 2000;

/** The configuration that the emulator writes from the stored policies. */
export const alertmanagerConfigPath = join(statePath, "monitoring-delivery", "alertmanager.json");

/** Delivers notifications; asks for a password, because its status page shows the URLs of webhooks. */
export async function alertmanager({ addresses }: Plan): Promise<Service> {
  const { user, password, bcrypt } = await alertmanagerLogin();
  const address = `127.0.0.1:${addresses.ports.alertmanager}`;
  const web = join(statePath, "config", "alertmanager-web.json");
  return {
    name: "alertmanager",
    folders: [join(statePath, "alertmanager")],
    needs: [`[ -s '${alertmanagerConfigPath}' ]`],
    files: { [web]: JSON.stringify({ basic_auth_users: { [user]: bcrypt } }) },
    isReady: () =>
      fetch(`http://${address}/-/ready`, {
        headers: { authorization: `Basic ${btoa(`${user}:${password}`)}` },
        signal: AbortSignal.timeout(PATIENCE),
      }).then(
        ({ status }) => status === 200,
        () => false,
      ),
    command: [
      "/usr/bin/prometheus-alertmanager",
      `--config.file=${alertmanagerConfigPath}`,
      `--storage.path=${join(statePath, "alertmanager")}`,
      `--data.retention=${RETENTION}`,
      `--web.listen-address=${address}`,
      `--web.config.file=${web}`,
      "--cluster.listen-address=",
      "--log.level=warn",
    ],
  };
}
