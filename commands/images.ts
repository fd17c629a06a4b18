import { readPlatform } from "../local/platform.ts";
import { lineProgress } from "../local/progress.ts";
import { removeImages, taggedImages, unusedImages } from "../local/registry/prune.ts";
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
    // Before the states: what a stack pushes and names from here on is not among them.
    const images = await taggedImages(platform.registry);
    const unused = unusedImages(images, await imagesInUse(environment));
    const gone = await removeImages(platform.registry, unused);
    detail(`${gone.length} removed`);
    return gone;
  });
  for (const image of removed) process.stdout.write(`${image}\n`);
  return 0;
});
