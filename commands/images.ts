import { readPlatform } from "../local/platform.ts";
import { lineProgress } from "../local/progress.ts";
import { pruneRegistry } from "../local/registry/prune.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { command, commandLine } from "./command.ts";
import { prepareEngine } from "./engine/environment.ts";
import { imagesInUse } from "./engine/images-in-use.ts";

/** `images -- prune`: removes from the registry what no stack names. */
await command(async () => {
  const { positionals } = commandLine({ usage: "images -- prune", options: {}, positionals: 1 });
  if (positionals[0] !== "prune") {
    throw new Error(
      `the action must be prune, got ${JSON.stringify(positionals[0] ?? "")}; usage: npm run images -- prune`,
    );
  }
  const platform = await readPlatform();
  const progress = lineProgress();
  const environment = await prepareEngine(await resolveToolchain(progress));
  const removed = await progress.step("images that no stack names", async (detail) => {
    const gone = await pruneRegistry(platform.registry, await imagesInUse(environment));
    detail(`${gone.length} removed`);
    return gone;
  });
  for (const image of removed) process.stdout.write(`${image}\n`);
  return 0;
});
