import type { HubspotSettings } from "../../contract/connectors.ts";
import type { Channel, Outcome } from "../journeys/channel.ts";
import { exchange, jsonOf, outcomeOf, tooLate, wordOf } from "./exchange.ts";
import { healthScore } from "./health-score.ts";

/** Keeps the health score of contacts in HubSpot, who are known by their e-mail address: sets it, so twice is once. */
export function hubspotChannel({ token, scoreProperty, url }: HubspotSettings): Channel {
  const upsert = new URL("/crm/v3/objects/contacts/batch/upsert", url ?? "https://api.hubapi.com");
  return {
    isKeyed: true,
    async send({ person, signal }) {
      const { email } = person.traits;
      if (typeof email !== "string" || email === "") {
        return { kind: "refused", reason: "the person has no e-mail address" };
      }
      const input = {
        idProperty: "email",
        id: email,
        properties: { [scoreProperty]: String(healthScore(person, new Date())) },
      };
      if (signal.aborted) return tooLate;
      const exchanged = await exchange(upsert.href, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ inputs: [input] }),
      });
      const body = exchanged.kind === "answered" ? jsonOf(exchanged.body) : undefined;
      return outcomeOf("HubSpot", exchanged) ?? outcomeInside(body);
    },
  };
}

/** What the body of a success says: with 207, and with 200 too, errors of single contacts are inside. */
function outcomeInside(body: unknown): Outcome {
  const { status, results, errors } = Object(body) as Record<string, unknown>;
  const [error] = Array.isArray(errors) ? (errors as { category?: unknown }[]) : [];
  if (error) {
    const reason = `HubSpot answered 200 and ${wordOf(error.category)}`;
    return { kind: error.category === "RATE_LIMITS" ? "later" : "refused", reason };
  }
  if (status === "COMPLETE" && Array.isArray(results) && results.length === 1)
    return { kind: "sent" };
  return { kind: "unknown", reason: `HubSpot answered 200 and not what became of the contact` };
}
