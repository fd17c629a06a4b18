/** A body so small is looked through as a whole, in bytes. */
const SMALL = 2048;

/** Where a batch begins at the latest, and how far its first event reaches, in bytes. */
const BATCH_WITHIN = 1024;
const LONGEST_EVENT = 33 * 1024;

const BATCH = '"batch"';
const [QUOTE, BACKSLASH, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x7b, 0x7d];

/**
 * The first event of a batch of Segment's form and what stands before it, as text in latin1; all of a body in which none is
 * found. To look for words in all of a batch takes as long as to read it.
 */
export function firstEvent(body: Buffer): string {
  const end = body.length <= SMALL ? body.length : endOfFirstEvent(body);
  return body.toString("latin1", 0, end);
}

function endOfFirstEvent(body: Buffer): number {
  const batch = body.subarray(0, BATCH_WITHIN).indexOf(BATCH);
  if (batch < 0) return body.length;
  const most = Math.min(body.length, batch + LONGEST_EVENT);
  let depth = 0;
  for (let at = batch + BATCH.length; at < most; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      for (at += 1; at < most && body[at] !== QUOTE; at += 1) if (body[at] === BACKSLASH) at += 1;
    } else if (byte === OPEN_OBJECT) {
      depth += 1;
    } else if (byte === CLOSE_OBJECT) {
      depth -= 1;
      if (depth <= 0) return at + 1;
    }
  }
  return body.length;
}
