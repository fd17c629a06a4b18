import { join } from "node:path";
import { containerdSocket, runPath } from "../cluster/plan.ts";
import { answers } from "../cluster/probe.ts";
import { statePath } from "../paths.ts";
import { containerdAnswers, type Service } from "../supervisor/service.ts";

const socket = join(runPath, "docker.sock");

/** Address of the platform's Docker engine, as in DOCKER_HOST. */
export const dockerHost = `unix://${socket}`;

/** The Docker engine that builds images. It runs on the platform's containerd and leaves the network alone. */
export function docker(): Service {
  const config = join(statePath, "config", "docker.json");
  return {
    name: "docker",
    needs: [containerdAnswers(containerdSocket)],
    folders: [join(statePath, "docker"), runPath],
    files: {
      [config]: JSON.stringify({
        hosts: [dockerHost],
        containerd: containerdSocket,
        "data-root": join(statePath, "docker"),
        "exec-root": join(runPath, "docker"),
        // The supervisor's lock keeps a second one away; a file would outlive a power-off.
        pidfile: "",
        "storage-driver": "overlay2",
        bridge: "none",
        iptables: false,
        ip6tables: false,
        "ip-forward": false,
        "ip-masq": false,
        "cgroup-parent": "/marketing-stack",
        "oom-score-adjust": 0,
        "log-level": "warn",
      }),
    },
    environment: { GOGC: "60" },
    isReady: () => answers("http://docker/_ping", { socketPath: socket }),
    command: ["/usr/sbin/dockerd", `--config-file=${config}`],
  };
}
