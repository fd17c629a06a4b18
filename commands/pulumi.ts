import { spawn } from "node:child_process";
import { clonePath } from "../local/paths.ts";
import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { command } from "./command.ts";
import { localBackend, prepareEngine } from "./engine/environment.ts";
import { holdingStackFiles } from "./engine/stack-file.ts";

/** Runs the toolchain's Pulumi CLI, on the local backend unless another is exported, with the given arguments; its status is the command's. */
await command(async () => {
  const toolchain = await resolveToolchain(lineProgress());
  const environment = await prepareEngine(
    toolchain,
    process.env.PULUMI_BACKEND_URL || localBackend,
  );
  const args = process.argv.slice(2);
  const run = (): Promise<number> => {
    const child = spawn("pulumi", args, {
      cwd: clonePath,
      env: { ...process.env, ...environment },
      stdio: "inherit",
    });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code, signal) => resolve(signal ? 128 : (code ?? 1)));
    });
  };
  // It reads the file of the stack, and writes all of it back.
  return args.includes("config") ? holdingStackFiles(run) : run();
});
