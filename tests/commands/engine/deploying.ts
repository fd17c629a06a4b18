import { command } from "../../../commands/command.ts";
import { applyStack } from "../../../commands/engine/apply.ts";
import { stackSettings } from "../../../commands/engine/settings.ts";
import { deployedFolder } from "../../../commands/releases/checkout.ts";
import { lineProgress } from "../../../local/progress.ts";

// Deploys what the lock of a stack names, as `up` does once there is a platform: node deploying.ts STACK
await command(async () => {
  const [stack] = process.argv.slice(2) as [string];
  await applyStack({
    stack,
    settings: await stackSettings(stack),
    environment: process.env as Record<string, string>,
    folder: await deployedFolder(stack),
    progress: lineProgress(),
  });
  return 0;
});
