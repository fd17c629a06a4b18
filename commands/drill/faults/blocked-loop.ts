import type { Fault } from "../fault.ts";
import type { Stage } from "../stage.ts";

/** How long the worker computes each time it gets the processor, in milliseconds. */
const BLOCK = 400;

/** Threads that compute beside it: together they use a whole processor also where others want some of it. */
const THREADS = 3;

/** The worker computes without a pause, told so by its own debugger; its pod is replaced in the end. */
export const blockedLoop: Fault<null> = {
  isExclusive: true,
  prepare: async () => null,
  async inject(stage) {
    const workload = "deployment/worker";
    // Node opens its debugger, to its own pod only, at this signal.
    await stage.kubectl("exec", workload, "--", "node", "--eval", "process.kill(1, 'SIGUSR1')");
    await stage.kubectl("exec", workload, "--", "node", "--eval", evaluate);
    return new Date();
  },
  async heal({ kubectl }: Stage) {
    await kubectl("delete", "pods", "--selector=app.kubernetes.io/name=worker", "--grace-period=1");
    await kubectl("rollout", "status", "deployment/worker", "--timeout=300s");
  },
};

const busy = `
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  for (let thread = 0; thread < ${THREADS}; thread += 1) new Worker("for (;;);", { eval: true });
  setInterval(() => { const end = Date.now() + ${BLOCK}; while (Date.now() < end); }, 0)`;

const evaluate = `(async () => {
  let targets;
  while (!targets) {
    targets = await fetch("http://127.0.0.1:9229/json").then((answer) => answer.json(), () => undefined);
  }
  const socket = new WebSocket(targets[0].webSocketDebuggerUrl);
  socket.onopen = () => socket.send(JSON.stringify({
    id: 1, method: "Runtime.evaluate", params: { expression: ${JSON.stringify(busy)} },
  }));
  socket.onmessage = () => process.exit(0);
  setTimeout(() => process.exit(1), 30_000);
})()`;
