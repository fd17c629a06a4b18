import { lineProgress } from "../local/progress.ts";
import { toolNames } from "../local/toolchain/pins.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { programName } from "../stacks/names.ts";
import { command, commandLine } from "./command.ts";
import { markdown } from "./digest/markdown.ts";
import { writeDigest } from "./digest/write.ts";
import { engineEnvironment } from "./engine/environment.ts";
import { previewAnywhere } from "./engine/preview-anywhere.ts";

/** Says what `up` would change, as Markdown and on demand as files; changes nothing. Exit code 1 if it cannot tell. */
await command(async () => {
  const { values } = commandLine({
    usage: "preview [-- --stack NAME] [-- --out DIR]",
    options: {
      stack: { type: "string", default: "dev" },
      out: { type: "string" },
    },
  });
  const { stack, out } = values;
  programName(stack);
  const progress = lineProgress();
  const toolchain = await resolveToolchain(
    progress,
    toolNames.filter((name) => name.startsWith("pulumi")),
  );
  const digest = await progress.step(`preview of stack ${stack}`, () =>
    previewAnywhere(stack, engineEnvironment(toolchain)),
  );
  if (out !== undefined) await writeDigest(out, digest);
  process.stdout.write(markdown(digest));
  return digest.complete ? 0 : 1;
});
