import type { Purpose } from "../../contract/event.ts";

/** Purposes that a consent string of IAB Europe's framework speaks of; it has none for mail. */
export type TcPurpose = Exclude<Purpose, "email">;

/** The framework's purposes, all of which one of ours needs: first of them to store and read on the device. */
const NEEDED: Readonly<Record<TcPurpose, readonly number[]>> = {
  // Performance of content, statistics of audiences.
  analytics: [1, 8, 9],
  // A profile for content, content chosen by it.
  personalization: [1, 5, 6],
  // Ads of limited data, a profile for ads, ads chosen by it, their performance.
  advertising: [1, 2, 3, 4, 7],
};

const VERSION = 2;

/** Bytes of the core segment up to its first list of vendors, which is longer still. */
const MIN_CORE_BYTES = 27;

/** Bit of the core segment at which consent to purpose 1 stands; the others follow. */
const FIRST_PURPOSE_BIT = 152;

const MAX_LENGTH = 16_384;

/**
 * Purposes consented to by a TC string of version 2 ("Consent string and vendor list formats v2", core segment).
 *
 * Legitimate interest is no consent. What is no such string consents to nothing.
 */
export function consentedByTcString(tcString: unknown): ReadonlySet<Purpose> {
  if (typeof tcString !== "string" || tcString.length > MAX_LENGTH) return new Set();
  const [, encoded] = /^([\w-]+)(?:\.[\w-]+)*$/.exec(tcString) ?? [];
  const core = Buffer.from(encoded ?? "", "base64url");
  if (core.length < MIN_CORE_BYTES || core[0]! >> 2 !== VERSION) return new Set();
  const purposes = core.readUIntBE(FIRST_PURPOSE_BIT / 8, 3);
  const isConsented = (purpose: number): boolean => ((purposes >> (24 - purpose)) & 1) === 1;
  return new Set(
    (Object.keys(NEEDED) as TcPurpose[]).filter((purpose) => NEEDED[purpose].every(isConsented)),
  );
}
