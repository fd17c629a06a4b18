import { join } from "node:path";
import { statePath } from "../paths.ts";
import type { Service } from "../supervisor/service.ts";
import { authorityPath, keyPair } from "./pki.ts";
import type { Plan } from "./plan.ts";

/** The cluster's database: one member on loopback, talked to with certificates of an authority of its own. */
export async function etcd({ addresses: { ports } }: Plan): Promise<Service> {
  const server = await keyPair("etcd", {
    authority: "etcd",
    name: "etcd",
    serves: ["IP:127.0.0.1", "DNS:localhost"],
  });
  const authority = authorityPath("etcd");
  const client = `https://127.0.0.1:${ports.etcd}`;
  const peer = `https://127.0.0.1:${ports.etcdPeer}`;
  return {
    name: "etcd",
    folders: [join(statePath, "etcd")],
    environment: { GOGC: "50" },
    command: [
      "/usr/bin/etcd",
      `--data-dir=${join(statePath, "etcd")}`,
      "--name=local",
      `--initial-cluster=local=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--listen-peer-urls=${peer}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--cert-file=${server.certificate}`,
      `--key-file=${server.key}`,
      "--client-cert-auth",
      `--trusted-ca-file=${authority}`,
      `--peer-cert-file=${server.certificate}`,
      `--peer-key-file=${server.key}`,
      "--peer-client-cert-auth",
      `--peer-trusted-ca-file=${authority}`,
      // What the log keeps in memory; the default holds 100,000 changes.
      "--snapshot-count=5000",
      "--auto-compaction-mode=periodic",
      "--auto-compaction-retention=10m",
    ],
  };
}
