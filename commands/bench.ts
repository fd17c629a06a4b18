import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { clonePath } from "../local/paths.ts";
import { command, commandLine } from "./command.ts";

/** Runs one measure of `bench/`; without a name, those that leave the running stack as it is. */
await command(async () => {
  const { positionals } = commandLine({ usage: "bench [-- MEASURE]", options: {}, positionals: 1 });
  const folder = join(clonePath, "bench");
  const known = (await readdir(folder))
    .filter((name) => name.endsWith(".ts") && name !== "measure.ts")
    .map((name) => name.slice(0, -".ts".length));
  const chosen = positionals[0]
    ? [positionals[0]]
    : [
        "up-unchanged",
        "preview",
        "program",
        "resources",
        "bucketing",
        "memory",
        "promote",
        "image-rebuild",
        "emulator",
        "campaign-alerts",
        "reconcile",
        "preview-campaigns",
        "freshness",
        "simulation",
      ];
  for (const name of chosen) {
    if (!known.includes(name)) {
      throw new Error(`MEASURE must be one of ${known.join(", ")}, got ${JSON.stringify(name)}`);
    }
    const code = await run(join(folder, `${name}.ts`));
    if (code !== 0) return code;
  }
  return 0;
});

function run(script: string): Promise<number> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script], {
    cwd: clonePath,
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
