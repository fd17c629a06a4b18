import { spawn } from "node:child_process";
import { join } from "node:path";
import { waitFor } from "../../local/wait.ts";
import { clone } from "./command.ts";

/**
 * Runs an npm command and kills it with all its processes (SIGKILL) as soon as `moment` is true.
 *
 * @param within seconds until that has to be so.
 * @throws Error with the end of what it said if it ended before.
 */
export async function killedMidway(
  name: string,
  args: readonly string[],
  { moment, within }: { moment: () => Promise<boolean>; within: number },
): Promise<void> {
  const child = spawn(process.execPath, [join(clone, "commands", "run.js"), name, ...args], {
    cwd: clone,
    // A process group of its own, which can be killed as one.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const closed = new Promise((resolve) => child.on("close", resolve));
  await waitFor(`the middle of ${name}`, within, async () =>
    child.exitCode !== null || (await moment()) ? true : undefined,
  );
  if (child.exitCode !== null) {
    throw new Error(`${name} must still run in its middle, got its end: ${said.slice(-2000)}`);
  }
  process.kill(-child.pid!, "SIGKILL");
  await closed;
}
