/** A body so small is looked through as a whole, in bytes. */
const SMALL = 2048;

/** Where a batch begins at the latest, and how far its first event reaches, in bytes. */
const BATCH_WITHIN = 1024;
const LONGEST_EVENT = 33 * 1024;

/** What a batch begins with. */
const BATCH = /^"batch"\s*:\s*\[/;
const LONGEST_BATCH = 32;

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
  const most = Math.min(body.length, BATCH_WITHIN + LONGEST_EVENT);
  let isInBatch = false;
  let depth = 0;
  for (let at = 0; at < most; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      if (depth === 1 && !isInBatch) {
        if (at > BATCH_WITHIN) break;
        isInBatch = BATCH.test(body.toString("latin1", at, at + LONGEST_BATCH));
      }
      at = endOfString(body, at, most);
    } else if (byte === OPEN_OBJECT) {
      depth += 1;
    } else if (byte === CLOSE_OBJECT) {
      depth -= 1;
      if (isInBatch && depth === 1) return at + 1;
    }
  }
  return body.length;
}

/** Offset of the quote that ends a string; `most` if none does before. */
function endOfString(body: Buffer, start: number, most: number): number {
  let at = start + 1;
  while (at < most && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}
