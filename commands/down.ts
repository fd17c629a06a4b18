import { purgePlatform, stopPlatform } from "../local/platform.ts";
import { lineProgress } from "../local/progress.ts";
import { command, commandLine } from "./command.ts";

/** Stops the platform and all stacks on it; keeps their data unless `--purge` is given. */
await command(async () => {
  const { values } = commandLine({
    usage: "down [-- --purge]",
    options: { purge: { type: "boolean", default: false } },
  });
  const progress = lineProgress();
  if (values.purge) await purgePlatform(progress);
  else await stopPlatform(progress);
  process.stdout.write(
    values.purge
      ? "Stopped; the platform's state and all data of its stacks are gone. The toolchain is kept.\n"
      : "Stopped; data is kept. npm run up brings it back.\n",
  );
  return 0;
});
