import { mentions } from "../../services/collector/erased-text.ts";
import { inflated } from "../../services/collector/inflated.ts";
import type { NotedErasure } from "./noted.ts";

/**
 * Whether a bad row has somebody in it who was erased after it came.
 *
 * @param erasures all of one salt.
 */
export function isErasedBadRow(
  receivedAt: Date,
  raw: Buffer,
  erasures: readonly NotedErasure[],
): boolean {
  const late = erasures.filter(({ erasedAt }) => new Date(erasedAt) >= receivedAt);
  if (late.length === 0) return false;
  const texts = late.flatMap((erasure) => erasure.texts);
  return mentions(inflated(raw), texts, Buffer.from(late[0]!.salt, "hex"));
}
