import { once } from "node:events";
import type pg from "pg";
import { tailEvents, type TailOptions } from "./tail.ts";

/** Prints what is stored in the event log from now on, until somebody stops this process or nobody reads its lines any more. */
export async function printTail(client: pg.ClientBase, options: TailOptions): Promise<void> {
  const { stdout } = process;
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop.abort());
  // Who reads the lines has had enough.
  stdout.on("error", () => stop.abort());
  const write = async (line: string): Promise<void> => {
    if (!stdout.write(`${line}\n`) && !stop.signal.aborted) {
      await once(stdout, "drain", { signal: stop.signal }).catch(() => undefined);
    }
  };
  await tailEvents(client, options, write, stop.signal);
}
