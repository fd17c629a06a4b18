import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { MalformedBody } from "./dialects/dialect.ts";

const decompress = promisify(gunzip);

/** A body is larger than its path allows. */
export class BodyTooLarge extends Error {
  /** @param got its bytes, or in words how many. */
  constructor(maxBytes: number, got: number | string) {
    super(`body must be at most ${maxBytes} bytes, got ${got}`);
  }
}

/** What every gzip stream begins with, and no text in UTF-8. */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/**
 * A request's body as the sender meant it: decompressed, at most `maxBytes`.
 *
 * @param encoding the `content-encoding` of the request. Some SDKs compress without saying so there, and label JSON
 *   as form or text: what begins as gzip is taken for gzip, and content types are not asked.
 * @throws BodyTooLarge if it is larger. Decompression stops there, so a bomb costs no more than `maxBytes`.
 * @throws MalformedBody if it is not compressed as it says.
 */
export async function plainBody(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  if (body.length > maxBytes) throw new BodyTooLarge(maxBytes, body.length);
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case "":
    case "identity":
      if (!body.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)) return body;
      break;
    case "gzip":
    case "x-gzip":
      break;
    default:
      throw new MalformedBody("content-encoding must be gzip or identity");
  }
  try {
    return await decompress(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new BodyTooLarge(maxBytes, "more when decompressed");
    }
    throw new MalformedBody("body must be gzip as content-encoding says");
  }
}
