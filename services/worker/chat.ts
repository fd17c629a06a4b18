import { exchange, jsonOf, outcomeOf } from "./connectors/exchange.ts";
import type { Outcome } from "./journeys/channel.ts";

/** Sends `text` to a Slack-compatible webhook; never throws. The URL is a secret and in no reason. */
export async function tellChat(url: string, text: string): Promise<Outcome> {
  const exchanged = await exchange(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
  const failure = outcomeOf("chat", exchanged);
  if (failure) return failure;
  // An error in the disguise of a 200, as Slack's own API answers.
  const { ok } = Object(exchanged.kind === "answered" && jsonOf(exchanged.body)) as {
    ok?: unknown;
  };
  return ok === false
    ? { kind: "refused", reason: 'chat answered 200 and "ok": false' }
    : { kind: "sent" };
}
