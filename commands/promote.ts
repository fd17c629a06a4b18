import { join } from "node:path";
import { clonePath } from "../local/paths.ts";
import { readPlatform } from "../local/platform.ts";
import { lineProgress } from "../local/progress.ts";
import { programName } from "../stacks/names.ts";
import { readRelease } from "../stacks/releases.ts";
import { command, commandLine } from "./command.ts";
import { stackSettings } from "./engine/settings.ts";
import { copyImage, imageDigest } from "./releases/registry.ts";
import { writeWhole } from "./releases/write-whole.ts";

/** Gives an environment a sealed release: its images into the environment's registry, its id into `releases/<stack>.lock.json`. */
await command(async () => {
  const { positionals } = commandLine({
    usage: "promote -- RELEASE STACK",
    options: {},
    positionals: 2,
  });
  const [id, stack] = positionals;
  if (!id || !stack) throw new Error("usage: npm run promote -- RELEASE STACK");
  if (programName(stack) !== "prod") {
    throw new Error(
      `stack must be one that runs releases, got ${JSON.stringify(stack)}, which builds its images; use prod or rehearsal`,
    );
  }
  const progress = lineProgress();
  const release = readRelease(id, join(clonePath, "releases"));
  const from = (await readPlatform()).registry;
  const to = (await stackSettings(stack)).registry ?? from;
  for (const image of Object.values(release.images)) {
    await progress.step(`image ${image.split("@")[0]}`, (detail) =>
      provide({ image, id, from, to }, detail),
    );
  }
  const lock = join("releases", `${stack}.lock.json`);
  await writeWhole(join(clonePath, lock), `${JSON.stringify({ release: id }, null, 2)}\n`);
  process.stdout.write(
    `${lock} names release ${id}.\nNext: npm run preview -- --stack ${stack}, then npm run up -- --stack ${stack}\n`,
  );
  return 0;
});

interface Transfer {
  /** `<repository>@sha256:…` */
  readonly image: string;
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** Makes sure that the environment's registry has an image. */
async function provide(
  { image, id, from, to }: Transfer,
  detail: (text: string) => void,
): Promise<void> {
  if (from === to) {
    await imageDigest(`${to}/${image}`);
    detail("there already");
    return;
  }
  await copyImage(`${from}/${image}`, `${to}/${image.split("@")[0]}:${id}`);
  detail(`copied to ${to}`);
}
