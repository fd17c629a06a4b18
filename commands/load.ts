import { lineProgress } from "../local/progress.ts";
import { command, commandLine } from "./command.ts";
import { stackStatus } from "./engine/stack-status.ts";
import { readFile } from "node:fs/promises";
import { runLoad } from "./load/run-load.ts";

/** Sends events to a stack's collector as fast as asked, and tells how it answered; they are stored as source's own. */
await command(async () => {
  const { values } = commandLine({
    usage:
      "load [-- --rate EVENTS_PER_SECOND] [--seconds N] [--batch EVENTS] [--connections N] [--source NAME] [--stack NAME]",
    options: {
      stack: { type: "string", default: "dev" },
      source: { type: "string", default: "website" },
      rate: { type: "string", default: "100" },
      seconds: { type: "string", default: "10" },
      batch: { type: "string", default: "10" },
      connections: { type: "string", default: "16" },
    },
  });
  const { urls, credentials } = await stackStatus(values.stack, lineProgress());
  if (!urls?.collector || credentials === null) {
    throw new Error(
      `stack ${values.stack} must run and have a collector that is reached from here; npm run up -- --stack ${values.stack} starts it`,
    );
  }
  const { writeKeys } = JSON.parse(await readFile(credentials, "utf8")) as {
    writeKeys: Record<string, string>;
  };
  const writeKey = writeKeys[values.source];
  if (writeKey === undefined) {
    throw new Error(
      `--source must be one of ${Object.keys(writeKeys).join(", ")}, got ${JSON.stringify(values.source)}`,
    );
  }
  const report = await runLoad({
    url: urls.collector,
    writeKey,
    eventsPerSecond: whole("--rate", values.rate, 1, 100_000),
    seconds: whole("--seconds", values.seconds, 1, 3_600),
    batch: whole("--batch", values.batch, 1, 100),
    connections: whole("--connections", values.connections, 1, 512),
  });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return Object.keys(report.failed).length === 0 ? 0 : 1;
});

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new Error(
      `${name} must be a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`,
    );
  }
  return value;
}
