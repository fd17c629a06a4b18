import { lineProgress } from "../local/progress.ts";
import { command, commandLine } from "./command.ts";
import { stackStatus, type StackStatus } from "./engine/stack-status.ts";

/** Says what runs, where, and what had to be restarted; exit code 1 unless the stack is running. */
await command(async () => {
  const { values } = commandLine({
    usage: "status [-- --stack NAME] [-- --json]",
    options: {
      stack: { type: "string", default: "dev" },
      json: { type: "boolean", default: false },
    },
  });
  const status = await stackStatus(values.stack, lineProgress());
  process.stdout.write(values.json ? `${JSON.stringify(status, null, 2)}\n` : `${table(status)}\n`);
  return status.state === "running" ? 0 : 1;
});

function table(status: StackStatus): string {
  const lines = [`stack ${status.stack}: ${status.state}`];
  if (status.state === "stopped") {
    lines.push(
      status.platform.state === "stopped"
        ? "the platform is stopped; npm run up starts it"
        : `nothing is deployed; npm run up -- --stack ${status.stack} deploys it`,
    );
  }
  for (const [service, isReady] of Object.entries(status.services ?? {})) {
    const url = status.urls?.[service as "cms" | "collector" | "worker"] ?? "";
    lines.push(`  ${service.padEnd(22)} ${(isReady ? "ready" : "not ready").padEnd(10)} ${url}`);
  }
  lines.push(
    "",
    `platform: ${status.platform.state}${status.platform.owner ? `, of ${status.platform.owner}` : ""}`,
  );
  for (const each of status.platform.processes) {
    const mebibytes = `${Math.round(each.memoryBytes / 2 ** 20)} MiB`;
    const restarts =
      each.restarts === 0
        ? ""
        : `  restarted ${each.restarts} times${each.lastDeath ? `, last ${new Date(each.lastDeath.at).toISOString()} after ${each.lastDeath.reason}` : ""}`;
    lines.push(
      `  ${each.name.padEnd(22)} ${(each.running ? "running" : "down").padEnd(10)} ${mebibytes.padStart(8)}${restarts}`,
    );
  }
  return lines.join("\n");
}
