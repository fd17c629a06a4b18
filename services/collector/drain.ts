import { badRow } from "./bad-row.ts";
import { pause } from "./pause.ts";
import type { Position } from "./position-file.ts";
import { RECORD_KINDS } from "./record.ts";
import type { Found } from "./record.ts";
import { UnstorableRows } from "./sink.ts";
import type { Sink } from "./sink.ts";
import type { Spool, SpoolBatch } from "./spool.ts";

/** Arguments of {@link drain}. */
export interface DrainArgs {
  readonly spool: Spool;
  /** Takes the events. */
  readonly good: Sink;
  /** Takes the bad rows, those of events that `good` can never store included. */
  readonly bad: Sink;
  /** Takes the refusals. */
  readonly refusals: Sink;
  /** Is told what failed and will be tried again, and what was set aside. */
  readonly onTrouble: (message: string, error: Error) => void;
}

/** Rows that one batch carries at most. */
const MAX_ROWS = 5_000;

/** Pause after the first failure, doubled by each further one up to the longest. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** How long a batch gathers once something is there: fewer, larger transactions. */
const GATHER_MS = 25;

/**
 * Moves what is in the spool to the sinks, oldest first, until `signal`; then returns.
 *
 * A batch is marked as drained only after all sinks have it, so a crash repeats the last batch and loses none;
 * the keys of the rows make the repetition harmless. Holds two batches in memory, however long a sink is away.
 */
export async function drain(args: DrainArgs, signal: AbortSignal): Promise<void> {
  let pauseMs = 0;
  while (!signal.aborted) {
    await args.spool.readable(signal);
    await pause(pauseMs || GATHER_MS, signal);
    if (signal.aborted) return;
    try {
      await drainBacklog(args, signal);
      pauseMs = 0;
    } catch (error) {
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2 || FIRST_PAUSE_MS);
      args.onTrouble("cannot drain the spool, will try again", error as Error);
    }
  }
}

/** Moves what is in the spool now; for the end of the process, when nothing is appended any more. */
export async function drainOnce(args: DrainArgs): Promise<void> {
  while (args.spool.bytes > 0) await drainBacklog(args);
}

/** Moves what waits, without a pause while it is more than a batch: the next one is read and made ready while one is stored. */
async function drainBacklog(args: DrainArgs, signal?: AbortSignal): Promise<void> {
  const { spool } = args;
  let stored = Promise.resolve();
  let drained = Promise.resolve();
  let after: Position | undefined;
  let hasMore = true;
  try {
    while (hasMore && !signal?.aborted) {
      const batch = await spool.read(args.good.maxBytes, MAX_ROWS, after);
      const store = await prepareBatch(args, batch);
      await stored;
      stored = store();
      drained = Promise.all([drained, stored]).then(() => spool.advance(batch.end));
      // It is waited for below; what fails before must not end the process.
      drained.catch(() => undefined);
      ({ end: after, hasMore } = batch);
    }
  } finally {
    await drained;
  }
}

/** Returns what stores a batch in all sinks. */
async function prepareBatch(
  { good, bad, refusals, onTrouble }: DrainArgs,
  { found, lostBytes }: SpoolBatch,
): Promise<() => Promise<void>> {
  if (lostBytes > 0) {
    const reason = `the spool must have what it accepted, ${lostBytes} bytes are gone from its disk`;
    onTrouble("left out what is not in the spool any more", new Error(reason));
  }
  const events: Buffer[] = [];
  const badRows: Buffer[] = [];
  const refused: Buffer[] = [];
  for (const record of found) {
    if (record.kind === RECORD_KINDS.event) events.push(record.payload);
    else if (record.kind === RECORD_KINDS.badRow) badRows.push(record.payload);
    else if (record.kind === RECORD_KINDS.refusal) refused.push(record.payload);
    else if (record.kind === "corrupt") {
      const reason = "a record of the spool must match its checksum";
      onTrouble("set a corrupt stretch of the spool aside", new Error(reason));
      badRows.push(unusable(record, reason));
    }
  }

  const storeEvents = events.length > 0 ? await good.prepare?.(events) : undefined;
  return async () => {
    const setAside =
      (what: string) =>
      async (row: Buffer, error: UnstorableRows): Promise<void> => {
        onTrouble(`set ${what} aside that cannot be stored`, error);
        badRows.push(unusable({ payload: row }, error.message));
      };
    // First, so that no trouble with events keeps messages leaving to who refused them.
    await storeEach(refusals, refused, setAside("a refusal"));
    await storeEach(good, events, setAside("an event"), storeEvents);
    await storeEach(bad, badRows, (row, error) =>
      bad.store([unusable({ payload: row }, error.message)]),
    );
  };
}

/**
 * Stores `rows` with as few calls as it takes to find those that can never be stored.
 *
 * @param store what stores all of them.
 */
async function storeEach(
  sink: Sink,
  rows: readonly Buffer[],
  onUnstorable: (row: Buffer, error: UnstorableRows) => Promise<void>,
  store: () => Promise<unknown> = () => sink.store(rows),
): Promise<void> {
  if (rows.length === 0) return;
  try {
    await store();
  } catch (error) {
    if (!(error instanceof UnstorableRows)) throw error;
    if (rows.length === 1) return await onUnstorable(rows[0]!, error);
    const middle = rows.length >> 1;
    await storeEach(sink, rows.slice(0, middle), onUnstorable);
    await storeEach(sink, rows.slice(middle), onUnstorable);
  }
}

function unusable({ payload }: Pick<Found, "payload">, reason: string): Buffer {
  const receivedAt = new Date().toISOString();
  const row = badRow({ source: "", dialect: "", path: "", reason, receivedAt, raw: payload });
  return Buffer.from(JSON.stringify(row));
}
