import { lineProgress, type Progress } from "../local/progress.ts";
import { toolNames } from "../local/toolchain/pins.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { programName } from "../stacks/names.ts";
import { command, commandLine } from "./command.ts";
import type { Digest } from "./digest/digest.ts";
import { markdown } from "./digest/markdown.ts";
import { writeDigest } from "./digest/write.ts";
import { backendOf, engineEnvironment } from "./engine/environment.ts";
import { previewAnywhere } from "./engine/preview-anywhere.ts";
import { stackSettings } from "./engine/settings.ts";
import { previewUnderMocks } from "./mocks/preview.ts";

const usage = "preview [-- --stack NAME] [-- --out DIR] [-- --mocks [--base REF]]";

/** Says what `up` would change, as Markdown and on demand as files; changes nothing. Exit code 1 if it cannot tell. */
await command(async () => {
  const { values } = commandLine({
    usage,
    options: {
      stack: { type: "string", default: "dev" },
      out: { type: "string" },
      mocks: { type: "boolean", default: false },
      base: { type: "string" },
    },
  });
  const { stack, out, mocks, base } = values;
  if (base !== undefined && !mocks) {
    throw new Error(`--base must come with --mocks, got --base alone; usage: npm run ${usage}`);
  }
  programName(stack);
  const progress = lineProgress();
  const digest = mocks
    ? await progress.step(`stack ${stack}: what its program declares`, () =>
        previewUnderMocks(stack, base),
      )
    : await previewByEngine(stack, progress);
  if (out !== undefined) await writeDigest(out, digest);
  process.stdout.write(markdown(digest));
  return digest.complete ? 0 : 1;
});

async function previewByEngine(stack: string, progress: Progress): Promise<Digest> {
  const toolchain = await resolveToolchain(
    progress,
    toolNames.filter((name) => name.startsWith("pulumi")),
  );
  const { platform } = await stackSettings(stack);
  const environment = engineEnvironment(toolchain, backendOf(platform));
  return progress.step(`preview of stack ${stack}`, () =>
    previewAnywhere({ stack, platform, environment }),
  );
}
