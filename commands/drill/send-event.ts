import type { Stage } from "./stage.ts";

/** A batch as Segment's SDKs send it. */
export type SentEvent = Readonly<Record<string, unknown>>;

/** An event that is stored whole. */
export function drillEvent(messageId: string, properties: object = {}): SentEvent {
  return {
    ...{ type: "track", event: "Drill", anonymousId: "drill", messageId, properties },
    context: { consent: { categoryPreferences: { analytics: true } } },
  };
}

/**
 * Sends events as an SDK does, as the stack's first source.
 *
 * @returns the collector's status.
 */
export async function sendEvents({ outputs }: Stage, batch: readonly SentEvent[]): Promise<number> {
  const writeKey = Object.values(outputs.writeKeys)[0]!;
  const answer = await fetch(new URL("/v1/batch", outputs.urls.collector!), {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ batch }),
    signal: AbortSignal.timeout(10_000),
  });
  await answer.arrayBuffer();
  return answer.status;
}
