/** How a chat webhook took a message. */
export type ChatResult =
  | { readonly kind: "sent" }
  | { readonly kind: "later"; readonly reason: string; readonly retryAfterSeconds?: number }
  | { readonly kind: "refused"; readonly reason: string };

/** The most a chat may take to answer, in milliseconds. */
const TIMEOUT = 10_000;

/** The longest wait that a chat's Retry-After is believed, in seconds. */
const MOST_PATIENCE = 3600;

/** Sends `text` to a Slack-compatible webhook; never throws. The URL is a secret and in no reason. */
export async function tellChat(url: string, text: string): Promise<ChatResult> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    await answer.arrayBuffer();
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    return {
      kind: "later",
      reason: `chat did not answer: ${cause?.code ?? (error as Error).name}`,
    };
  }
  if (answer.ok) return { kind: "sent" };
  const reason = `chat answered ${answer.status}`;
  if (answer.status === 429 || answer.status >= 500 || answer.status === 408) {
    const seconds = Number(answer.headers.get("retry-after"));
    return seconds > 0
      ? { kind: "later", reason, retryAfterSeconds: Math.min(seconds, MOST_PATIENCE) }
      : { kind: "later", reason };
  }
  return { kind: "refused", reason };
}
