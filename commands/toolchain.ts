import { resolve } from "node:path";
import { lineProgress } from "../local/progress.ts";
import { buildTool } from "../local/toolchain/build.ts";
import { exportMirror } from "../local/toolchain/export.ts";
import { requireGo } from "../local/toolchain/go.ts";
import { allToolNames, toolNamed, type Tool } from "../local/toolchain/pins.ts";
import { artifactKey } from "../local/toolchain/recipe.ts";
import { artifactPath, verifiedArtifact } from "../local/toolchain/store.ts";
import { command, commandLine } from "./command.ts";

const progress = lineProgress();

/** Builds every tool that is not in the store or does not have its digest, and fills a mirror if one is asked for. */
await command(async () => {
  const { values } = commandLine({
    usage: "toolchain [-- --export DIR]",
    options: { export: { type: "string" } },
  });
  const tools = allToolNames.map(toolNamed);
  const missing = await progress.step(`verifying ${tools.length} artifacts`, () =>
    unverified(tools),
  );
  const go = missing.length > 0 ? requireGo() : undefined;
  for (const [index, tool] of missing.entries()) {
    const title = `building ${tool.name} ${tool.version} (${index + 1} of ${missing.length})`;
    await buildTool(tool, go!, title, progress);
  }
  if (values.export !== undefined) await exportMirror(resolve(values.export), tools, progress);

  for (const tool of tools) {
    process.stdout.write(`${tool.name} ${tool.version}\t${artifactPath(artifactKey(tool))}\n`);
  }
  if (values.export !== undefined) {
    process.stdout.write(
      `TOOLCHAIN_MIRROR=${resolve(values.export)} on another machine compiles nothing.\n`,
    );
  }
  return 0;
});

async function unverified(tools: readonly Tool[]): Promise<Tool[]> {
  const missing: Tool[] = [];
  for (const tool of tools) {
    if (!(await verifiedArtifact(artifactKey(tool)))) missing.push(tool);
  }
  return missing;
}
