import { open, unlink, type FileHandle } from "node:fs/promises";
import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";

/** How often the log is read while the engine writes it, in milliseconds. */
const INTERVAL = 100;

/**
 * Hands each event of the engine's event log (one JSON object a line) to `onEvent` as it is written.
 *
 * The file loses its name as soon as it is there: the engine writes secrets into it, and nothing of it is left however
 * the run ends.
 *
 * @returns a function that reads what is left and stops; call it when the engine has ended.
 */
export function followEvents(
  path: string,
  onEvent: (event: EngineEvent) => void,
): () => Promise<void> {
  let file: FileHandle | undefined;
  let offset = 0;
  let rest = Buffer.alloc(0);
  let reading = Promise.resolve();

  const read = async (): Promise<void> => {
    if (!file) {
      file = await open(path, "r").catch(() => undefined);
      if (!file) return;
      await unlink(path);
    }
    const { size } = await file.stat();
    const chunk = Buffer.alloc(size - offset);
    const { bytesRead } = await file.read(chunk, 0, chunk.length, offset);
    offset += bytesRead;
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = rest.subarray(0, end).toString("utf8");
      rest = rest.subarray(end + 1);
      if (line.trim() !== "") onEvent(JSON.parse(line) as EngineEvent);
    }
  };

  const timer = setInterval(() => {
    reading = reading.then(read);
  }, INTERVAL);
  return async () => {
    clearInterval(timer);
    await reading;
    await read();
    await file?.close();
  };
}
