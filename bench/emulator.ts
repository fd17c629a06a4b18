import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { clonePath } from "../local/paths.ts";
import { pinnedNode } from "../local/pinned-node.ts";
import { median, report, round } from "./measure.ts";

// Calls of the Cloud Monitoring emulator over loopback, one after the other, with a hundred policies stored; a channel's
// beside a policy's show what promtool takes, which checks each expression.

const STORED = 100;
const CALLS = 100;

const policy = {
  displayName: "bench/Alert",
  combiner: "OR",
  conditions: [
    {
      displayName: "Alert",
      conditionPrometheusQueryLanguage: {
        query: "sum by (campaign) (rate(mkt_sessions_total[5m])) > 100",
        duration: "60s",
      },
    },
  ],
};
const channel = { type: "email", labels: { email_address: "ops@example.com" } };

const folder = mkdtempSync(join(tmpdir(), "bench-emulator-"));
const main = join(clonePath, "local", "monitoring", "main.ts");
const child = spawn(pinnedNode, [
  main,
  ...["--address", "127.0.0.1", "--port", "0", "--state", folder],
]);
try {
  const port = await new Promise<number>((listening) => {
    createInterface(child.stdout).on("line", (line) => {
      const entry = JSON.parse(line) as { port?: number };
      if (entry.port) listening(entry.port);
    });
  });
  const call = async (method: string, path: string, body?: object): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v3/${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path} must succeed, got ${answer.status}`);
    return ((await answer.json()) as { name: string }).name;
  };
  const begun = performance.now();
  for (let index = 0; index < STORED; index++) {
    await call("POST", "projects/bench/alertPolicies", policy);
  }
  const catalogue = (performance.now() - begun) / 1000;
  const p50 = async (collection: string, body: object): Promise<object> => {
    const times: Record<string, number[]> = { create: [], read: [], update: [], delete: [] };
    const timed = async (name: string, work: () => Promise<string>): Promise<string> => {
      const start = performance.now();
      const result = await work();
      times[name]!.push(performance.now() - start);
      return result;
    };
    for (let index = 0; index < CALLS; index++) {
      const name = await timed("create", () => call("POST", `projects/bench/${collection}`, body));
      await timed("read", () => call("GET", name));
      await timed("update", () => call("PATCH", `${name}?updateMask=userLabels`, body));
      await timed("delete", () => call("DELETE", name));
    }
    return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
  };
  report("emulator", {
    policyMs: await p50("alertPolicies", policy),
    channelMs: await p50("notificationChannels", channel),
    catalogueSeconds: round(catalogue),
    stored: STORED,
    calls: CALLS,
  });
} finally {
  child.kill();
  await once(child, "exit");
  rmSync(folder, { recursive: true, force: true });
}
