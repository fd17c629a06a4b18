/** One Debian package, and how to see that another system has what it carries. */
export interface DebianPackage {
  readonly name: string;
  /** A program of it: a name to find on PATH, or an absolute path. */
  readonly program: string;
  /** Services that it would start. @default - none */
  readonly services?: readonly string[];
  /** Who needs it. @default - the platform */
  readonly only?: "tests";
}

/** What the platform takes from Debian 12 (versions: "The platform", ARCHITECTURE.md). */
export const debianPackages: readonly DebianPackage[] = [
  { name: "etcd-server", program: "etcd", services: ["etcd"] },
  { name: "containerd", program: "containerd", services: ["containerd"] },
  { name: "runc", program: "runc" },
  { name: "containernetworking-plugins", program: "/usr/lib/cni/bridge" },
  { name: "iproute2", program: "ip" },
  { name: "iptables", program: "iptables" },
  { name: "conntrack", program: "conntrack" },
  { name: "docker.io", program: "dockerd", services: ["docker.service", "docker.socket"] },
  { name: "docker-registry", program: "docker-registry", services: ["docker-registry"] },
  { name: "prometheus", program: "prometheus", services: ["prometheus"] },
  {
    name: "prometheus-alertmanager",
    program: "prometheus-alertmanager",
    services: ["prometheus-alertmanager"],
  },
  { name: "skopeo", program: "skopeo" },
  { name: "mmdebstrap", program: "mmdebstrap" },
  { name: "runit", program: "runsvdir" },
  { name: "openssl", program: "openssl" },
  { name: "postgresql-client", program: "psql" },
  {
    name: "postgresql-15",
    program: "/usr/lib/postgresql/15/bin/postgres",
    services: ["postgresql"],
    only: "tests",
  },
  { name: "default-jre-headless", program: "java", only: "tests" },
  { name: "groovy", program: "groovy", only: "tests" },
  { name: "python3-pip", program: "pip3", only: "tests" },
  { name: "faketime", program: "faketime", only: "tests" },
  { name: "chromium", program: "chromium", only: "tests" },
];
