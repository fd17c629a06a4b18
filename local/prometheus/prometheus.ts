import { join } from "node:path";
import type { Plan } from "../cluster/plan.ts";
import { answers } from "../cluster/probe.ts";
import { statePath } from "../paths.ts";
import type { Service } from "../supervisor/service.ts";
import { targetsPath } from "./pod-targets.ts";

/** Scrapes every pod that asks for it, every 5 s; keeps two days. */
export function prometheus({ addresses }: Plan): Service {
  const url = `127.0.0.1:${addresses.ports.prometheus}`;
  const config = join(statePath, "config", "prometheus.json");
  return {
    name: "prometheus",
    folders: [join(statePath, "prometheus")],
    files: {
      [config]: JSON.stringify({
        global: { scrape_interval: "5s", scrape_timeout: "4s", evaluation_interval: "5s" },
        // Debian builds Prometheus without its Kubernetes discovery.
        scrape_configs: [{ job_name: "pods", file_sd_configs: [{ files: [targetsPath] }] }],
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
      "--log.level=warn",
    ],
  };
}
