import { randomUUID } from "node:crypto";

import { textOf } from "./fields.ts";

/**
 * The id of a draft: the SDK's own if it gave one; undefined, for a digest, if the event says when it happened; else
 * a new one, because nothing tells two such events from one sent twice, and none may get lost.
 */
export function messageId(given: unknown, saysWhen: boolean): string | undefined {
  return textOf(given) ?? (saysWhen ? undefined : randomUUID());
}
