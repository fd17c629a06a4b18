import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { programName } from "../stacks/names.ts";
import { command, commandLine } from "./command.ts";
import { backendOf, engineEnvironment } from "./engine/environment.ts";
import { readOutputs } from "./engine/outputs.ts";
import { stackSettings } from "./engine/settings.ts";
import { readHistory } from "./ledger/history.ts";
import { storyLine } from "./ledger/story.ts";

/** Tells the story of an environment: deploys, promotions, rollbacks, gates and incidents, oldest first. */
await command(async () => {
  const { values } = commandLine({
    usage: "history [-- --stack NAME] [-- --json]",
    options: {
      stack: { type: "string", default: "dev" },
      json: { type: "boolean", default: false },
    },
  });
  const { stack, json } = values;
  programName(stack);
  const { platform } = await stackSettings(stack);
  const toolchain = await resolveToolchain(lineProgress(), ["pulumi"]);
  const outputs = await readOutputs(stack, engineEnvironment(toolchain, backendOf(platform)));
  const history = await readHistory(stack, outputs?.databaseUrl ?? undefined);
  if (json) {
    process.stdout.write(`${JSON.stringify(history, null, 2)}\n`);
    return 0;
  }
  if (history.unreachable !== undefined) {
    process.stderr.write(
      `note: the database does not tell (${history.unreachable}); this is what waits for it on this machine\n`,
    );
  }
  for (const entry of history.entries) process.stdout.write(`${storyLine(entry)}\n`);
  if (history.entries.length === 0) process.stdout.write(`Nothing happened to ${stack} yet.\n`);
  return 0;
});
