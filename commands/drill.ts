import { join } from "node:path";
import { statePath } from "../local/paths.ts";
import { lineProgress } from "../local/progress.ts";
import { withLock } from "../local/toolchain/lock.ts";
import { waitFor } from "../local/wait.ts";
import { readPromises } from "../stacks/alerts/promises.ts";
import { readAlerts } from "../stacks/alerts/read.ts";
import { command, commandLine } from "./command.ts";
import { healLeft } from "./drill/heal-left.ts";
import { hearingOf } from "./drill/heard.ts";
import { holdDrills } from "./drill/hold-drills.ts";
import { Journal } from "./drill/journal.ts";
import { isWell, resultTable, type Result } from "./drill/result.ts";
import { stageOf } from "./drill/stage.ts";
import { stackStatus } from "./engine/stack-status.ts";

const usage = "drill -- [ALERT] [--json] [--stack NAME]";

/** How long a stack may take to work after it was healed, in seconds. */
const WORKS_WITHIN = 600;

/**
 * Injects into a running stack what each alert, or one, is there for; waits for the notification; heals, and sees the
 * incident close. Exit code 1 if an alert did not keep its promise. A drill that is ended prints what has come of it so far,
 * and heals. What an earlier drill left broken is healed first.
 */
await command(async () => {
  const { values, positionals } = commandLine({
    usage,
    options: {
      json: { type: "boolean", default: false },
      stack: { type: "string", default: "dev" },
    },
    positionals: 1,
  });
  const { stack } = values;
  // Says what is wrong with the catalogue.
  readAlerts();
  const promises = readPromises();
  const [wanted] = positionals;
  if (wanted !== undefined && !promises[wanted]) {
    throw new Error(
      `ALERT must be one of ${Object.keys(promises).join(", ")}, got ${JSON.stringify(wanted)}; usage: npm run ${usage}`,
    );
  }
  const tell = (): void => {
    process.stderr.write(`… waiting for another drill of stack ${stack}\n`);
  };
  return withLock(join(statePath, "stacks", stack, "drill.lock"), tell, () =>
    run(stack, wanted === undefined ? promises : { [wanted]: promises[wanted]! }, values.json),
  );
});

async function run(
  stack: string,
  promises: Readonly<Record<string, number>>,
  isJson: boolean,
): Promise<number> {
  // The journal and the histories are nobody else's.
  process.umask(0o077);
  const progress = lineProgress();
  const stage = await stageOf(stack, progress);
  const journal = new Journal(stack);
  const print = (results: readonly Result[]): void => {
    const text = isJson ? JSON.stringify({ alerts: results }, null, 2) : resultTable(results);
    process.stdout.write(`${text}\n`);
  };
  let isGoing = true;
  const heard: Result[] = [];
  const end = (): void => {
    // npm passes on what the terminal has sent already.
    if (!isGoing) return;
    isGoing = false;
    if (heard.length > 0) print(heard);
    void progress
      .step("heals what the drill broke", () => healLeft(stage, journal))
      .catch((error: Error) => process.stderr.write(`error: ${error.message}\n`))
      .finally(() => process.exit(1));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);

  if (journal.entries.length > 0) {
    await progress.step("heals what an earlier drill broke", () => healLeft(stage, journal));
  }
  await progress.step(`stack ${stack} works`, () =>
    waitFor(
      `stack ${stack} to work; npm run up -- --stack ${stack} repairs it`,
      WORKS_WITHIN,
      async () => ((await stackStatus(stack, progress)).state === "running" ? true : undefined),
    ),
  );
  const requireGoing = (): void => {
    if (!isGoing) throw new Error("the drill was ended");
  };
  const context = { stage, hearing: hearingOf(stage), journal, requireGoing };
  const results = await holdDrills(promises, context, progress, (ended) => {
    // What has begun to be healed too early has failed for that reason only.
    if (isGoing) heard.push(...ended);
  });
  if (isGoing) print(results);
  return results.every(isWell) ? 0 : 1;
}
