import { lineProgress } from "../local/progress.ts";
import { toolNames } from "../local/toolchain/pins.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { programName } from "../stacks/names.ts";
import { command, commandLine } from "./command.ts";
import { markdown } from "./digest/markdown.ts";
import { writeDigest } from "./digest/write.ts";
import { backendOf, engineEnvironment } from "./engine/environment.ts";
import { readOutputs } from "./engine/outputs.ts";
import { driftOf } from "./engine/preview.ts";
import { stackSettings } from "./engine/settings.ts";
import { changeNow } from "./ledger/change.ts";
import { tellLedger } from "./ledger/tell.ts";

/** Says what was changed by hand since the last `up`; changes nothing. Exit code 2 if something was, 1 if it cannot tell. */
await command(async () => {
  const { values } = commandLine({
    usage: "drift [-- --stack NAME] [-- --out DIR]",
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
  const { platform } = await stackSettings(stack);
  const environment = engineEnvironment(toolchain, backendOf(platform));
  const digest = await progress.step(`refresh of stack ${stack}, without writing it down`, () =>
    driftOf({ stack, environment, args: [], notes: [] }),
  );
  if (out !== undefined) await writeDigest(out, digest);
  process.stdout.write(markdown(digest));
  if (!digest.complete) return 1;
  const { length: changes } = digest.changes;
  await tellLedger(
    changeNow({ kind: "drift", environment: stack, subject: stack, details: { changes } }),
    await readOutputs(stack, environment).catch(() => undefined),
  );
  return changes > 0 ? 2 : 0;
});
