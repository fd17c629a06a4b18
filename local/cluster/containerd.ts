import { existsSync } from "node:fs";
import { join } from "node:path";
import { statePath } from "../paths.ts";
import { pauseImage } from "../images/names.ts";
import type { Service } from "../supervisor/service.ts";
import { containerdSocket, podNetwork, registryHost, runPath, type Plan } from "./plan.ts";

/** Where Debian puts the network plugins. */
const PLUGINS = "/usr/lib/cni";

/** The platform's own containerd, for kubelet and dockerd; nothing is shared with one that the machine may have. */
export function containerd({ addresses }: Plan): Service {
  const registry = registryHost(addresses);
  const config = join(statePath, "config", "containerd.toml");
  const networks = join(statePath, "config", "cni");
  const registries = join(statePath, "config", "registries");
  return {
    name: "containerd",
    folders: [runPath, join(statePath, "containerd"), networks],
    files: {
      [config]: containerdConfig({ pause: `${registry}/${pauseImage}`, networks, registries }),
      [join(registries, registry, "hosts.toml")]: `server = "http://${registry}"\n`,
      [join(networks, "10-marketing-stack.conflist")]: networkConfig(),
    },
    environment: { GOGC: "60" },
    isReady: async () => existsSync(containerdSocket),
    command: ["/usr/bin/containerd", `--config=${config}`],
  };
}

/** containerd's configuration (version 2, as containerd 1.6 and 1.7 read it). */
export function containerdConfig(options: {
  pause: string;
  networks: string;
  registries: string;
}): string {
  const text = JSON.stringify;
  return `version = 2
root = ${text(join(statePath, "containerd"))}
state = ${text(join(runPath, "containerd"))}
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
  "io.containerd.tracing.processor.v1.otlp",
  "io.containerd.internal.v1.tracing",
]

[grpc]
  address = ${text(containerdSocket)}

[plugins."io.containerd.internal.v1.opt"]
  path = ${text(join(statePath, "containerd", "opt"))}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(options.pause)}
  # Without CAP_SYS_RESOURCE no score can be lowered, and every sandbox would fail.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  disable_tcp_service = true
  stream_server_address = "127.0.0.1"

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(PLUGINS)}
    conf_dir = ${text(options.networks)}

  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${text(options.registries)}
`;
}

/**
 * The pods' network: a point-to-point link per pod, so that all traffic is routed, and Services work between pods
 * without br_netfilter. Addresses are not translated here (the firewall does), so no CNI chains come to be.
 */
function networkConfig(): string {
  return JSON.stringify({
    cniVersion: "0.4.0",
    name: "marketing-stack",
    plugins: [
      {
        type: "ptp",
        ipMasq: false,
        ipam: {
          type: "host-local",
          dataDir: join(statePath, "cni"),
          ranges: [[{ subnet: podNetwork }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
    ],
  });
}
