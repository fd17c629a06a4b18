import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import type { Check } from "./verification.ts";
import { writeWhole } from "../../local/write-whole.ts";

/** What the last `up` of a stack that builds its images proved; kept beside the stack's logs until it is sealed. */
export interface ProofRecord {
  /** Image reference by service, and of `postgres`, as deployed. */
  readonly images: Readonly<Record<string, string>>;
  /** `sourceDigest` of the clone that was deployed. */
  readonly source: string;
  /** RFC 3339 in UTC. */
  readonly verifiedAt: string;
  readonly checks: readonly Check[];
}

/** The record of a stack; undefined if no `up` of it has proved anything yet. */
export async function readProof(stack: string): Promise<ProofRecord | undefined> {
  const text = await readFile(proofPath(stack), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ProofRecord);
}

/** Remembers what an `up` proved. */
export async function writeProof(stack: string, record: ProofRecord): Promise<void> {
  await writeWhole(proofPath(stack), `${JSON.stringify(record, null, 2)}\n`);
}

function proofPath(stack: string): string {
  return join(statePath, "stacks", stack, "proof.json");
}
