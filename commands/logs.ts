import { spawn } from "node:child_process";
import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { command, commandLine } from "./command.ts";
import { engineEnvironment } from "./engine/environment.ts";
import { kubeconfigOf } from "./engine/kubeconfig.ts";

const services = ["cms", "collector", "worker", "database"];

/** Shows what a service of a stack wrote, from all its pods. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage: "logs -- SERVICE [--stack NAME] [--follow]",
    options: {
      stack: { type: "string", default: "dev" },
      follow: { type: "boolean", short: "f", default: false },
    },
    positionals: 1,
  });
  const service = positionals[0];
  if (!service || !services.includes(service)) {
    throw new Error(
      `SERVICE must be one of ${services.join(", ")}, got ${JSON.stringify(service ?? "")}; usage: npm run logs -- SERVICE`,
    );
  }
  const kubeconfig = await kubeconfigOf(values.stack);
  const toolchain = await resolveToolchain(lineProgress());
  const child = spawn(
    "kubectl",
    [
      "logs",
      `--kubeconfig=${kubeconfig}`,
      `--namespace=${values.stack}`,
      `--selector=app.kubernetes.io/name=${service}`,
      "--all-containers",
      "--prefix",
      values.follow ? "--follow" : "--tail=200",
    ],
    { env: { ...process.env, ...engineEnvironment(toolchain) }, stdio: "inherit" },
  );
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(signal ? 128 : (code ?? 1)));
  });
});
