import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { MalformedBody } from "./dialects/dialect.ts";

const decompress = promisify(gunzip);

/** A body is larger than its path allows; the message says by how much. */
export class BodyTooLarge extends Error {}

/**
 * A request's body as the sender meant it: decompressed, at most `maxBytes`.
 *
 * @param encoding the `content-encoding` of the request. Nothing else is asked: SDKs label JSON as form or text.
 * @throws BodyTooLarge if it is larger. Decompression stops there, so a bomb costs no more than `maxBytes`.
 * @throws MalformedBody if it is not compressed as it says.
 */
export async function plainBody(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const tooLarge = (got: string): BodyTooLarge =>
    new BodyTooLarge(`body must be at most ${maxBytes} bytes, got ${got}`);
  if (body.length > maxBytes) throw tooLarge(String(body.length));
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case "":
    case "identity":
      return body;
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
      throw tooLarge("more when decompressed");
    }
    throw new MalformedBody("body must be gzip as content-encoding says");
  }
}
