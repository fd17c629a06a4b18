import { join } from "node:path";
import { alertmanagerLogin } from "../alertmanager/login.ts";
import type { Plan } from "../cluster/plan.ts";
import { answers } from "../cluster/probe.ts";
import { statePath } from "../paths.ts";
import type { Service } from "../supervisor/service.ts";
import { targetsPath } from "./pod-targets.ts";

/** Folder of the rules that the emulator writes from the stored policies. */
export const ruleFolder = join(statePath, "monitoring-rules");

/** Scrapes every pod that asks for it and the emulator's uptime checks, every 5 s; keeps two days; evaluates the rules. */
export async function prometheus({ addresses }: Plan): Promise<Service> {
  const { user, password } = await alertmanagerLogin();
  const { ports } = addresses;
  const url = `127.0.0.1:${ports.prometheus}`;
  const config = join(statePath, "config", "prometheus.json");
  return {
    name: "prometheus",
    folders: [join(statePath, "prometheus"), ruleFolder],
    files: {
      [config]: JSON.stringify({
        global: { scrape_interval: "5s", scrape_timeout: "4s", evaluation_interval: "5s" },
        // Debian builds Prometheus without its Kubernetes discovery.
        scrape_configs: [
          { job_name: "pods", file_sd_configs: [{ files: [targetsPath] }] },
          {
            job_name: "uptime",
            honor_labels: true,
            metrics_path: "/uptime",
            static_configs: [{ targets: [`127.0.0.1:${ports.monitoring}`] }],
          },
        ],
        rule_files: [join(ruleFolder, "*.json")],
        alerting: {
          alertmanagers: [
            {
              basic_auth: { username: user, password },
              static_configs: [{ targets: [`127.0.0.1:${ports.alertmanager}`] }],
            },
          ],
        },
      }),
    },
    environment: { GOGC: "60" },
    isReady: () => answers(`http://${url}/-/ready`),
    command: [
      "/usr/bin/prometheus",
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(statePath, "prometheus")}`,
      "--storage.tsdb.retention.time=2d",
      "--storage.tsdb.retention.size=512MB",
      `--web.listen-address=${url}`,
      // The emulator has it read changed rules.
      "--web.enable-lifecycle",
      "--log.level=warn",
    ],
  };
}
