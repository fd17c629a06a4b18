/** How a chat webhook took a message. */
export type ChatResult =
  | { readonly kind: "sent" }
  | { readonly kind: "later"; readonly reason: string; readonly retryAfterSeconds?: number }
  | { readonly kind: "refused"; readonly reason: string };

/** The most a chat may take to answer, in milliseconds. */
const TIMEOUT = 10_000;

/** The longest wait that a chat's Retry-After is believed, in seconds. */
const MOST_PATIENCE = 3600;

/** The most that is read of an answer, in bytes. */
const MOST_BYTES = 64 * 2 ** 10;

/** Sends `text` to a Slack-compatible webhook; never throws. The URL is a secret and in no reason. */
export async function tellChat(url: string, text: string): Promise<ChatResult> {
  let answer: Response;
  let body: string;
  try {
    answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    body = await beginningOf(answer);
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    return {
      kind: "later",
      reason: `chat did not answer: ${cause?.code ?? (error as Error).name}`,
    };
  }
  if (answer.ok) {
    return saysNotOk(body)
      ? { kind: "refused", reason: `chat answered ${answer.status} and "ok": false` }
      : { kind: "sent" };
  }
  const reason = `chat answered ${answer.status}`;
  if (answer.status === 429 || answer.status >= 500 || answer.status === 408) {
    const seconds = secondsOf(answer.headers.get("retry-after") ?? "");
    return seconds > 0
      ? { kind: "later", reason, retryAfterSeconds: Math.min(seconds, MOST_PATIENCE) }
      : { kind: "later", reason };
  }
  return { kind: "refused", reason };
}

async function beginningOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}

/** Whether it is an error in the disguise of a 200, as Slack's own API answers. */
function saysNotOk(body: string): boolean {
  try {
    return (JSON.parse(body) as { ok?: unknown } | null)?.ok === false;
  } catch {
    return false;
  }
}

/** Seconds of a Retry-After, which is a number of them or a date; NaN if it is neither. */
function secondsOf(retryAfter: string): number {
  return /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
}
