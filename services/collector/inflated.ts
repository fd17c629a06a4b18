import { gunzipSync, constants } from "node:zlib";

/** Bytes of a compressed body that are looked into; what comes behind is not. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What is in bytes that begin as gzip, as far as it can be read; the bytes themselves if they are none. */
export function inflated(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    // Cut short or not, what is there is read.
    return gunzipSync(bytes, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MAX_BYTES,
    });
  } catch {
    return bytes;
  }
}
