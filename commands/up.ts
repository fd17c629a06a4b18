import { lineProgress } from "../local/progress.ts";
import { command, commandLine } from "./command.ts";
import { deployStack } from "./engine/deploy.ts";
import { summary } from "./engine/summary.ts";

/** Brings a stack up from nothing, proves that it works and says where everything is. */
await command(async () => {
  const { values } = commandLine({
    usage: "up [-- --stack NAME] [-- --take-over]",
    options: {
      stack: { type: "string", default: "dev" },
      "take-over": { type: "boolean", default: false },
    },
  });
  const stack = values.stack;
  const { update, outputs, credentials } = await deployStack({
    stack,
    takeOver: values["take-over"],
    progress: lineProgress(),
  });
  process.stdout.write(summary({ stack, outputs, credentials, unchanged: update.unchanged }));
  return 0;
});
