import { lineProgress } from "../local/progress.ts";
import { command, commandLine } from "./command.ts";
import { deployStack } from "./engine/deploy.ts";
import { summary } from "./engine/summary.ts";

/** Brings a stack up from nothing, proves that it works and says where everything is. */
await command(async () => {
  const { values } = commandLine({
    usage: "up [-- --stack NAME] [-- --approved FILE] [-- --take-over]",
    options: {
      stack: { type: "string", default: "dev" },
      approved: { type: "string" },
      "take-over": { type: "boolean", default: false },
    },
  });
  const stack = values.stack;
  const { update, services } = await deployStack({
    stack,
    takeOver: values["take-over"],
    approved: values.approved,
    progress: lineProgress(),
  });
  process.stdout.write(
    services
      ? summary({ stack, ...services, unchanged: update.unchanged })
      : `\nStack ${stack} has its platform and runs no release yet.\n\nNext: npm run promote -- RELEASE ${stack}, then npm run up -- --stack ${stack} again\n`,
  );
  return 0;
});
