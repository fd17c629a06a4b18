import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { platformStatus, readPlatform, startPlatform } from "../../../local/platform.ts";
import { statePath } from "../../../local/paths.ts";
import type { Progress } from "../../../local/progress.ts";
import { resolveToolchain } from "../../../local/toolchain/toolchain.ts";
import { waitFor } from "../../../local/wait.ts";
import { platformListeners } from "../../platform-listeners.ts";
import { copyOfClone } from "../changed-clone.ts";
import { clone, runProcess } from "../command.ts";
import { kubectl, kubectlWith } from "../stack.ts";

const NAMESPACE = "test-platform-e2e";
const silent: Progress = { step: (_title, work) => work(() => undefined) };

afterAll(() => kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found"));

test("every process listens on loopback or the node's own address only", async () => {
  const { nodeAddress } = await readPlatform();
  const listeners = await platformListeners();
  expect(listeners.length).toBeGreaterThan(10);
  const open = listeners.filter(
    ({ address }) => address !== nodeAddress && !/^(127\.|\[?::1)/.test(address),
  );
  expect(open).toEqual([]);
});

test("no file of the platform's keys and logins can be read by others", () => {
  const found = execFileSync("find", [
    statePath,
    ...["-path", "*/volumes", "-prune", "-o", "-path", "*/containerd", "-prune", "-o"],
    ...["-path", "*/docker", "-prune", "-o", "-path", "*/kubelet", "-prune", "-o"],
    // Blocks of measurements: each is described by a `meta.json`, which holds no login.
    ...["-path", "*/prometheus", "-prune", "-o"],
    // Checkouts of releases: what Git has is no secret.
    ...["-path", "*/worktrees", "-prune", "-o"],
    ...[
      "-type",
      "f",
      "(",
      "-name",
      "*.key",
      "-o",
      "-name",
      "*kubeconfig*",
      "-o",
      "-name",
      "*.json",
      ")",
    ],
    ...["-perm", "/077", "-print"],
  ]);
  expect(found.toString()).toBe("");
});

test("what is sent to a pod that is gone does not leave the machine", async () => {
  // The last addresses of the pods' network: the node gives them to nobody for weeks.
  const gone = fetch("http://10.244.255.250:8080/", { signal: AbortSignal.timeout(5_000) });
  const { cause } = (await gone.catch((error) => error)) as { cause?: { code?: string } };
  expect(cause?.code).toBe("EHOSTUNREACH");
});

test("a killed process is started again, and the status says so", async () => {
  const before = (await platformStatus()).processes.find(({ name }) => name === "coredns")!;
  process.kill(before.pid!, "SIGKILL");
  const after = await waitFor("coredns again", 60, async () => {
    const now = (await platformStatus()).processes.find(({ name }) => name === "coredns")!;
    return now.running && now.pid !== before.pid && now.restarts > before.restarts
      ? now
      : undefined;
  });
  expect(after.lastDeath?.reason).toBe("signal 9");
  await waitFor("the platform", 60, async () =>
    (await platformStatus()).state === "running" ? true : undefined,
  );
});

test("another clone is refused with the owner's path", async () => {
  const other = await copyOfClone();
  try {
    const run = await runProcess(process.execPath, [
      join(other.path, "commands", "run.js"),
      "down",
    ]);
    expect({ code: run.code, stderr: run.stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`got one that runs for ${clone}`),
    });
  } finally {
    other.remove();
  }
});

test("everything killed at once comes back with the pods and their data", async () => {
  await kubectl("create", "namespace", NAMESPACE);
  await kubectlWith(JSON.stringify(await podWithVolume()), "apply", "--filename=-");
  await kubectl(
    `--namespace=${NAMESPACE}`,
    "wait",
    "pod/keeper",
    "--for=condition=Ready",
    "--timeout=120s",
  );
  await kubectl(
    `--namespace=${NAMESPACE}`,
    "exec",
    "keeper",
    "--",
    "node",
    "-e",
    "fs.writeFileSync('/data/kept', 'still here')",
  );

  powerOff();
  await startPlatform({
    toolchain: await resolveToolchain(silent),
    progress: silent,
    cluster: true,
    takeOver: false,
  });
  const kept = await waitFor("the pod's file", 180, async () =>
    kubectl(`--namespace=${NAMESPACE}`, "exec", "keeper", "--", "cat", "/data/kept"),
  );
  expect(kept).toBe("still here");
  expect((await platformStatus()).state).toBe("running");
  await waitFor("all pods of the machine", 180, async () => {
    const pods = await kubectl("get", "pods", "--all-namespaces", "--output=json");
    const items = JSON.parse(pods).items as {
      status: { phase: string; conditions?: { type: string; status: string }[] };
    }[];
    const isReady = (pod: (typeof items)[number]): boolean =>
      pod.status.phase === "Succeeded" ||
      Boolean(
        pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
      );
    return items.every(isReady) || undefined;
  });
});

/** Kills every process below the supervisor and the containers' shims, as a power failure would. */
function powerOff(): void {
  const { pid } = JSON.parse(readFileSync(join(statePath, "supervisor.json"), "utf8")) as {
    pid: number;
  };
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,args="]).toString();
  const rows = table.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), parent: Number(match[2]), args: match[3]! }] : [];
  });
  const below = (root: number): number[] => [
    root,
    ...rows.filter(({ parent }) => parent === root).flatMap((row) => below(row.pid)),
  ];
  const shims = rows.filter(
    ({ args }) => args.includes("containerd-shim") && args.includes(statePath),
  );
  const victims = new Set([pid, ...shims.map((row) => row.pid)].flatMap(below));
  for (const victim of victims) {
    try {
      process.kill(victim, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** A volume, and a pod that keeps it. */
async function podWithVolume(): Promise<object> {
  const { baseImages } = await readPlatform();
  return {
    apiVersion: "v1",
    kind: "List",
    items: [
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "kept", namespace: NAMESPACE },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Mi" } } },
      },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "keeper", namespace: NAMESPACE },
        spec: {
          containers: [
            {
              name: "keeper",
              image: baseImages.node,
              command: [
                "node",
                "-e",
                "setInterval(() => undefined, 1e9); process.on('SIGTERM', () => process.exit())",
              ],
              volumeMounts: [{ name: "data", mountPath: "/data" }],
            },
          ],
          volumes: [{ name: "data", persistentVolumeClaim: { claimName: "kept" } }],
        },
      },
    ],
  };
}
