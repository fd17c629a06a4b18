import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Progress } from "../progress.ts";
import { runGo, type Go } from "./go.ts";
import { withLock } from "./lock.ts";
import type { Tool } from "./pins.ts";
import { artifactKey, buildArguments, copyRecipe } from "./recipe.ts";
import {
  lockPath,
  removeWorkFolder,
  storeArtifact,
  storedArtifact,
  workFolder,
  type Receipt,
} from "./store.ts";

/**
 * Builds `tool` from the Go module proxy into the store.
 *
 * Killed and run again it goes on where Go's build cache is; two clones that build at once wait for each other.
 *
 * @throws Error with Go's last lines if it does not compile or cannot be downloaded.
 */
export function buildTool(tool: Tool, go: Go, title: string, progress: Progress): Promise<Receipt> {
  const key = artifactKey(tool);
  return progress.step(title, (detail) =>
    withLock(
      lockPath(key),
      () => detail("waiting for another process that builds it"),
      async () => {
        const stored = await storedArtifact(key);
        if (stored) return stored;
        const folder = workFolder(key);
        const binary = await compile(tool, go, folder, detail);
        const receipt = await storeArtifact(key, binary, "built");
        removeWorkFolder(key);
        return receipt;
      },
    ),
  );
}

async function compile(
  tool: Tool,
  go: Go,
  folder: string,
  detail: (text: string) => void,
): Promise<string> {
  const source = join(folder, "source");
  const temporary = join(folder, "temporary");
  const binary = join(folder, tool.name);
  mkdirSync(temporary, { recursive: true });
  copyRecipe(tool, source);
  const run = (onLine: (line: string) => void, ...args: string[]): Promise<string> =>
    runGo(go, { folder: source, temporary, arguments: args, onLine });

  detail("modules");
  const showDownload = (line: string): void => {
    const module = /^go: downloading (.*)/.exec(line)?.[1];
    if (module) detail(`downloading ${module}`);
  };
  await embedFiles(tool, source, (module) => run(showDownload, "mod", "download", "-json", module));
  const listed = await run(
    showDownload,
    "list",
    "-deps",
    ...(tool.tags ? ["-tags", tool.tags] : []),
    tool.goPackage,
  );
  const all = listed.trim().split("\n").length;
  let compiled = 0;
  detail(`0 of at most ${all} packages`);
  const showPackage = (): void => detail(`${++compiled} of at most ${all} packages`);
  await run(showPackage, "build", "-v", ...buildArguments(tool), "-o", binary, tool.goPackage);
  return binary;
}

async function embedFiles(
  tool: Tool,
  source: string,
  download: (module: string) => Promise<string>,
): Promise<void> {
  if (!tool.embeds) return;
  const { Dir: module } = JSON.parse(await download(tool.embeds.module)) as { Dir: string };
  for (const [to, from] of Object.entries(tool.embeds.files)) {
    const content = JSON.parse(readFileSync(join(module, from), "utf8")) as Record<string, unknown>;
    if (to.endsWith("schema.json")) content.version = tool.version;
    mkdirSync(dirname(join(source, to)), { recursive: true });
    writeFileSync(join(source, to), JSON.stringify(content));
  }
}
