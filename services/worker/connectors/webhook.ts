import { Webhook } from "standardwebhooks";
import type { WebhookSettings } from "../../contract/connectors.ts";
import type { Channel } from "../journeys/channel.ts";
import { exchange, jsonOf, outcomeOf, tooLate, wordOf } from "./exchange.ts";

/**
 * A webhook by the specification Standard Webhooks: signed, and with the same `webhook-id` at each try, by which the other side
 * knows a message again.
 */
export function webhookChannel({ url, signingSecret }: WebhookSettings): Channel {
  const signer = new Webhook(signingSecret);
  return {
    isKeyed: true,
    async send({ id, campaign, step, variant, content, locale, person, signal }) {
      const now = new Date();
      const body = JSON.stringify({
        type: "campaign.message",
        timestamp: now.toISOString(),
        data: { campaign, step, variant, content, locale, person: personOf(person) },
      });
      const headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
        "webhook-signature": signer.sign(id, now, body),
      };
      if (signal.aborted) return tooLate;
      const exchanged = await exchange(url, { method: "POST", headers, body });
      const failure = outcomeOf("the webhook", exchanged);
      if (failure) return failure;
      const error = errorIn(exchanged.kind === "answered" ? exchanged.body : "");
      if (!error) return { kind: "sent", reference: id };
      return { kind: "refused", reason: `the webhook answered 200 and ${error}` };
    },
  };
}

function personOf({ person, traits }: { person: string; traits: object }): object {
  return { id: person, traits };
}

/** An error in the disguise of a success; undefined if there is none. */
function errorIn(body: string): string | undefined {
  const { ok, success, error } = Object(jsonOf(body)) as Record<string, unknown>;
  if (error) return wordOf(error);
  return ok === false || success === false ? "an error" : undefined;
}
