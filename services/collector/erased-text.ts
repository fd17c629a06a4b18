import { createHash } from "node:crypto";

/** What is known of a text that stands for an erased person: enough to find it again, not to read it. */
export interface ErasedText {
  /** Its length, in bytes. */
  readonly length: number;
  /** 32 bits that roll over a text byte by byte. */
  readonly hash: number;
  /** Salted SHA-256, hexadecimal. */
  readonly digest: string;
}

/** What to keep of a text. @param salt of the database that it is kept in, at least 4 bytes. */
export function erasedText(text: Buffer, salt: Buffer): ErasedText {
  const factor = factorOf(salt);
  let hash = 0;
  for (const byte of text) hash = (Math.imul(hash, factor) + byte) | 0;
  return { length: text.length, hash, digest: digestOf(text, salt) };
}

/** Whether one of `texts` is in `bytes`. Takes some milliseconds for each million bytes and each length of texts. */
export function mentions(bytes: Buffer, texts: readonly ErasedText[], salt: Buffer): boolean {
  const lengths = [...new Set(texts.map(({ length }) => length))];
  return lengths.some((length) => {
    const same = texts.filter((text) => text.length === length);
    return mentionsOf(bytes, length, same, salt);
  });
}

function mentionsOf(
  bytes: Buffer,
  length: number,
  texts: readonly ErasedText[],
  salt: Buffer,
): boolean {
  const factor = factorOf(salt);
  const hashes = new Set(texts.map(({ hash }) => hash));
  const digests = new Set(texts.map(({ digest }) => digest));
  // What the byte that leaves has been multiplied by.
  let leaving = 1;
  for (let index = 0; index < length; index += 1) leaving = Math.imul(leaving, factor);
  let hash = 0;
  for (let end = 0; end < bytes.length; end += 1) {
    hash = (Math.imul(hash, factor) + bytes[end]!) | 0;
    if (end >= length) hash = (hash - Math.imul(bytes[end - length]!, leaving)) | 0;
    if (end < length - 1 || !hashes.has(hash)) continue;
    if (digests.has(digestOf(bytes.subarray(end + 1 - length, end + 1), salt))) return true;
  }
  return false;
}

function digestOf(text: Buffer, salt: Buffer): string {
  return createHash("sha256").update(salt).update(text).digest("hex");
}

/** Odd, so that no byte is lost. */
function factorOf(salt: Buffer): number {
  return salt.readInt32LE(0) | 1;
}
