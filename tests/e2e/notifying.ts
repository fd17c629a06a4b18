import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Service } from "../../local/supervisor/service.ts";
import { waitFor } from "../../local/wait.ts";

/** What evaluates and delivers alerts, with processes and state of its own, and a pod to watch. */
export interface Notifying {
  readonly monitoring: string;
  readonly prometheus: string;
  readonly receiver: string;
  readonly alertmanager: string;
  /** Folder of all state. */
  readonly folder: string;
  /** Everything that the processes have written. */
  output(): string;
  kill(name: "monitoring" | "prometheus"): Promise<void>;
  start(name: "monitoring" | "prometheus"): Promise<void>;
  /** Metrics that the pod shows from now on. */
  expose(metrics: string): void;
  end(): Promise<void>;
}

/** First port of these processes; beyond the platform's. */
const PORTS = 28_860;

/**
 * Starts the platform's own services for alerts, as its supervisor would.
 *
 * @throws Error if anything has asked before where the state lies: it would be the machine's own.
 */
export async function startNotifying(namespace: string): Promise<Notifying> {
  const folder = mkdtempSync(join(tmpdir(), "notifying-"));
  process.env.XDG_STATE_HOME = folder;
  // Where the state lies is read when these are loaded.
  const { statePath } = await import("../../local/paths.ts");
  if (!statePath.startsWith(folder)) {
    throw new Error(`local/paths.ts must not be loaded before, got the state in ${statePath}`);
  }
  const { addressesFrom } = await import("../../local/addresses.ts");
  const { alertmanager } = await import("../../local/alertmanager/alertmanager.ts");
  const { monitoring } = await import("../../local/monitoring-service.ts");
  const { targetsPath } = await import("../../local/prometheus/pod-targets.ts");
  const { prometheus } = await import("../../local/prometheus/prometheus.ts");
  const { receiver } = await import("../../local/receiver-service.ts");
  const plan = { bin: "", addresses: addressesFrom(PORTS, "192.0.2.10") };
  const services = new Map<string, Service>();
  for (const make of [receiver, alertmanager, prometheus, monitoring]) {
    const service = await make(plan);
    services.set(service.name, service);
  }

  let output = "";
  const children = new Map<string, ChildProcess>();
  const launch = (service: Service): void => {
    for (const path of service.folders ?? []) mkdirSync(path, { recursive: true });
    for (const [path, content] of Object.entries(service.files ?? {})) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content, { mode: 0o600 });
    }
    const needs = (service.needs ?? []).map((need) => `until ${need}; do sleep 0.1; done;`);
    const command = ["-c", `${needs.join("")} exec "$@"`, "bash", ...service.command];
    const child = spawn("bash", command, { env: { ...process.env, ...service.environment } });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: Buffer) => (output += String(text)));
    }
    children.set(service.name, child);
  };
  const start = async (name: string): Promise<void> => {
    const service = services.get(name)!;
    launch(service);
    await waitFor(`${name} (${output.slice(-2000)})`, 30, async () => {
      return (await service.isReady!()) || undefined;
    });
  };
  const kill = async (name: string): Promise<void> => {
    const child = children.get(name)!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };

  let metrics = "";
  const pod = await listening(createServer((_, response) => response.end(metrics)));
  const stranger = await listening(createServer((_, response) => response.end("broken 1\n")));
  mkdirSync(dirname(targetsPath), { recursive: true });
  const targets = [
    { targets: [hostOf(pod)], labels: { job: "worker", namespace } },
    { targets: [hostOf(stranger)], labels: { job: "worker", namespace: "somebody-elses" } },
  ];
  writeFileSync(targetsPath, JSON.stringify(targets));
  await Promise.all([...services.keys()].map(start));

  const { ports } = plan.addresses;
  const evaluator = `http://127.0.0.1:${ports.prometheus}`;
  // Before its first scrape a pod is absent, and what calls `absent` fires with right.
  await waitFor("the pod's first scrape", 60, () => isUp(evaluator, namespace));
  return {
    monitoring: `http://127.0.0.1:${ports.monitoring}`,
    prometheus: evaluator,
    receiver: `http://127.0.0.1:${ports.receiver}`,
    alertmanager: `http://127.0.0.1:${ports.alertmanager}`,
    folder,
    output: () => output,
    kill,
    start,
    expose: (text) => (metrics = text),
    end: async () => {
      await Promise.all([...children.keys()].map(kill));
      for (const server of [pod, stranger]) {
        server.closeAllConnections();
        server.close();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function isUp(prometheus: string, namespace: string): Promise<true | undefined> {
  const query = new URLSearchParams({ query: `up{namespace="${namespace}"} == 1` });
  const answer = await fetch(`${prometheus}/api/v1/query?${query}`);
  const { data } = (await answer.json()) as { data: { result: readonly unknown[] } };
  return data.result.length > 0 || undefined;
}

async function listening(server: Server): Promise<Server> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

function hostOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
