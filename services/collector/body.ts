import { constants, createGunzip } from "node:zlib";

import { MalformedBody } from "./dialects/dialect.ts";

/** A body is larger than its path allows. */
export class BodyTooLarge extends Error {
  /** @param got its bytes, or in words how many. */
  constructor(maxBytes: number, got: number | string) {
    super(`body must be at most ${maxBytes} bytes, got ${got}`);
  }
}

/** There is no room for what a body is decompressed to, as long as others are held. */
export class NoRoom extends Error {}

/** Room for bodies, of all requests at one time. */
export class Room {
  #free: number;

  constructor(bytes: number) {
    this.#free = bytes;
  }

  /** Takes some; false, and nothing is taken, if there is less. */
  take(bytes: number): boolean {
    if (bytes > this.#free) return false;
    this.#free -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#free += bytes;
  }
}

/** What every gzip stream begins with, and no text in UTF-8. */
const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * Whether a body is as its sender meant it.
 *
 * @param encoding the `content-encoding` of the request. Some SDKs compress without saying so there, and label JSON
 *   as form or text: what begins as gzip is taken for gzip, and content types are not asked.
 */
export function isPlain(body: Buffer, encoding: string | undefined): boolean {
  if (beginsAsGzip(body)) return false;
  return encoding === undefined || PLAIN_ENCODING.test(encoding);
}

const PLAIN_ENCODING = /^\s*(identity)?\s*$/i;
const GZIP_ENCODING = /^\s*(x-)?gzip\s*$/i;

/**
 * A body that is not plain, decompressed to at most `maxBytes`.
 *
 * @param encoding as for {@link isPlain}.
 * @param room for it if it is compressed; whoever asked gives back as many bytes as it has once it is done with it.
 * @throws BodyTooLarge if it is larger. Decompression stops there, so a bomb costs no more than `maxBytes`.
 * @throws MalformedBody if it is not compressed as it says.
 * @throws NoRoom if there is too little left.
 */
export async function inflated(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
  room: Room,
): Promise<Buffer> {
  if (body.length > maxBytes) throw new BodyTooLarge(maxBytes, body.length);
  if (encoding !== undefined && !PLAIN_ENCODING.test(encoding) && !GZIP_ENCODING.test(encoding)) {
    throw new MalformedBody("content-encoding must be gzip or identity");
  }
  return inflate(body, maxBytes, room);
}

/** Bytes that are read of a body that cannot be read to its end: its write key mostly comes first. */
const MAX_BEGINNING = 32 * 1024;

/** So few are decompressed at a time there: what comes with an error is lost. */
const BEGINNING_CHUNK = 1024;

/** What can be read of a body that {@link inflated} fails on: as it is, or the first of what it is decompressed to. */
export function beginning(body: Buffer): Promise<Buffer> {
  if (!beginsAsGzip(body)) return Promise.resolve(body);
  return new Promise((resolve) => {
    const stream = createGunzip({
      chunkSize: BEGINNING_CHUNK,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (): void => {
      resolve(Buffer.concat(chunks, bytes));
      stream.destroy();
    };
    stream.on("data", (chunk: Buffer) => {
      if (bytes >= MAX_BEGINNING) return;
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes >= MAX_BEGINNING) end();
    });
    stream.on("error", end);
    stream.on("end", end);
    stream.end(body);
  });
}

function beginsAsGzip(body: Buffer): boolean {
  return body[0] === GZIP_MAGIC[0] && body[1] === GZIP_MAGIC[1];
}

/** Events, because iterating over a stream costs more than most bodies take. */
function inflate(body: Buffer, maxBytes: number, room: Room): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = createGunzip();
    const chunks: Buffer[] = [];
    let bytes = 0;
    const fail = (error: Error): void => {
      room.give(bytes);
      bytes = 0;
      reject(error);
      stream.destroy();
    };
    stream.on("data", (chunk: Buffer) => {
      if (stream.destroyed) return;
      if (bytes + chunk.length > maxBytes) {
        fail(new BodyTooLarge(maxBytes, "more when decompressed"));
      } else if (room.take(chunk.length)) {
        bytes += chunk.length;
        chunks.push(chunk);
      } else {
        fail(new NoRoom("too many compressed bodies at once"));
      }
    });
    stream.on("error", () => fail(new MalformedBody("body must be gzip as content-encoding says")));
    stream.on("end", () => resolve(Buffer.concat(chunks, bytes)));
    stream.end(body);
  });
}
