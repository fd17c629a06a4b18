import { randomBytes } from "node:crypto";

/** A new server-assigned ID: 19 or 20 digits, as Cloud Monitoring's are. */
export function newResourceId(): string {
  const least = 10n ** 18n;
  return String(least + (randomBytes(8).readBigUInt64BE() % (2n ** 64n - least)));
}
