import { writeProof, type ProofRecord } from "./proof-record.ts";
import { writeVerification } from "./verification.ts";

/** What was proved of a stack, and what it ran: a release, or what its clone builds. */
export interface Proved extends Pick<ProofRecord, "images" | "checks"> {
  readonly stack: string;
  /** `sourceDigest` of the clone; undefined where nothing can be sealed from it. */
  readonly source: string | undefined;
  /** Id of the release that it runs. */
  readonly release: string | undefined;
}

/** Keeps a proof: beside the release that was verified, or until a release is sealed of what was. */
export async function recordProof(proved: Proved): Promise<void> {
  const { stack, images, source, release, checks } = proved;
  const verifiedAt = new Date().toISOString();
  if (release !== undefined) {
    await writeVerification({ version: 1, release, environment: stack, verifiedAt, checks });
  } else if (source !== undefined) {
    await writeProof(stack, { images, source, verifiedAt, checks });
  }
}
