import { createHash } from "node:crypto";

/** The same number of up to 48 bits for the same parts: for SDKs that take no names for ids. */
export function numericId(...parts: string[]): number {
  return createHash("sha256").update(JSON.stringify(parts)).digest().readUIntBE(0, 6);
}
