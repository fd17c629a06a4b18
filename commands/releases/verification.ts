import { existsSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { clonePath } from "../../local/paths.ts";
import { canonicalJson } from "../../stacks/canonical-json.ts";
import { readJson } from "../../stacks/read-json.ts";
import { verificationSchema } from "./verification-schema.ts";
import { writeWhole } from "../../local/write-whole.ts";

/** One thing that was checked of a running stack, and held. */
export interface Check {
  /** The fact: `CMS serves published pages`. */
  readonly name: string;
  readonly result: "passed";
  /** What was seen: `3 in English`. */
  readonly detail: string;
}

/** That an environment ran a release and what was checked there: `releases/<id>.verified.<environment>.json`. */
export interface Verification {
  readonly version: 1;
  readonly release: string;
  readonly environment: string;
  /** When the last check ended, RFC 3339 in UTC. */
  readonly verifiedAt: string;
  /** At least one. */
  readonly checks: readonly Check[];
}

/** Where a clone keeps its releases. */
export const releasesFolder = join(clonePath, "releases");

/** Path of the record. */
export function verificationPath(
  { release, environment }: Pick<Verification, "release" | "environment">,
  folder = releasesFolder,
): string {
  return join(folder, `${release}.verified.${environment}.json`);
}

/**
 * The record of a release in an environment.
 *
 * @returns undefined if it was not verified there.
 * @throws Error if the file is no record, or one of something else.
 */
export function readVerification(
  of: Pick<Verification, "release" | "environment">,
  folder = releasesFolder,
): Verification | undefined {
  const path = verificationPath(of, folder);
  if (!existsSync(path)) return undefined;
  const record = readJson(path) as Verification;
  if (!isVerification(record)) {
    const [problem] = isVerification.errors ?? [];
    throw new Error(
      `${path} must be a verification record, got ${problem?.instancePath || "a value"} that ${problem?.message ?? "is wrong"}; restore the file from Git`,
    );
  }
  if (record.release !== of.release || record.environment !== of.environment) {
    throw new Error(
      `${path} must be the record of release ${of.release} in ${of.environment}, got that of ${record.release} in ${record.environment}; restore the file from Git`,
    );
  }
  return record;
}

/**
 * Records that an environment ran a release and passed its checks. The first record stays: a release does not change, so
 * verifying it again says nothing new.
 */
export async function writeVerification(
  record: Verification,
  folder = releasesFolder,
): Promise<void> {
  if (readVerification(record, folder)) return;
  await writeWhole(verificationPath(record, folder), `${canonicalJson(record)}\n`);
}

const isVerification = new Ajv({ allErrors: false }).compile<Verification>(verificationSchema);
