import type { SalesforceSettings } from "../../contract/connectors.ts";
import type { Channel, Effect, Outcome } from "../journeys/channel.ts";
import { exchange, jsonOf, outcomeOf, tooLate, wordOf, type Exchange } from "./exchange.ts";
import { healthScore } from "./health-score.ts";

/** Version of the REST API. */
const VERSION = "v62.0";

/** Keeps the health score of people in records of Salesforce by their external id: sets it, so twice is once. */
export function salesforceChannel(settings: SalesforceSettings): Channel {
  const { url, clientId, clientSecret, object, externalId, scoreField } = settings;
  const records = new URL(`/services/data/${VERSION}/sobjects/${object}/${externalId}/`, url).href;
  let token: string | undefined;

  return {
    isKeyed: true,
    async send(effect) {
      const isFresh = token === undefined;
      if (isFresh) {
        const failure = await logIn();
        if (failure) return failure;
      }
      if (effect.signal.aborted) return tooLate;
      let exchanged = await upsert(effect);
      // A session ends at a time of its own.
      if (!isFresh && exchanged.kind === "answered" && exchanged.status === 401) {
        const failure = await logIn();
        if (failure) return failure;
        exchanged = await upsert(effect);
      }
      return outcomeInside(exchanged);
    },
  };

  async function logIn(): Promise<Outcome | undefined> {
    token = undefined;
    const credentials = { client_id: clientId, client_secret: clientSecret };
    const form = new URLSearchParams({ grant_type: "client_credentials", ...credentials });
    const exchanged = await exchange(new URL("/services/oauth2/token", url).href, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
    });
    const failure = outcomeOf("Salesforce's login", exchanged);
    // Nothing of the message has left yet.
    if (failure?.kind === "unknown") return { kind: "later", reason: failure.reason };
    if (failure) return failure;
    const { access_token: given } = Object(bodyOf(exchanged)) as { access_token?: unknown };
    if (typeof given !== "string") {
      return { kind: "refused", reason: "Salesforce's login answered 200 and no token" };
    }
    token = given;
    return undefined;
  }

  function upsert({ person }: Effect): Promise<Exchange> {
    return exchange(records + encodeURIComponent(person.person), {
      method: "PATCH",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ [scoreField]: healthScore(person, new Date()) }),
    });
  }
}

function outcomeInside(exchanged: Exchange): Outcome {
  const failure = outcomeOf("Salesforce", exchanged);
  const body = bodyOf(exchanged);
  if (failure?.kind === "refused") {
    const [error] = Array.isArray(body) ? (body as { errorCode?: unknown }[]) : [];
    const reason = error?.errorCode
      ? `${failure.reason} and ${wordOf(error.errorCode)}`
      : failure.reason;
    // The day's requests are used up, or the record is being changed by somebody else.
    const isLater = ["REQUEST_LIMIT_EXCEEDED", "UNABLE_TO_LOCK_ROW"].includes(
      String(error?.errorCode),
    );
    return { kind: isLater ? "later" : "refused", reason };
  }
  if (failure) return failure;
  const isEmpty = exchanged.kind === "answered" && exchanged.status === 204;
  const { success, errors } = Object(body) as { success?: unknown; errors?: unknown };
  if (success === false || (Array.isArray(errors) && errors.length > 0)) {
    const [error] = (errors ?? []) as { statusCode?: unknown; errorCode?: unknown }[];
    const word = wordOf(error?.statusCode ?? error?.errorCode);
    return { kind: "refused", reason: `Salesforce answered 200 and ${word}` };
  }
  return success === true || isEmpty
    ? { kind: "sent" }
    : { kind: "unknown", reason: "Salesforce answered 200 and not what became of the record" };
}

function bodyOf(exchanged: Exchange): unknown {
  return exchanged.kind === "answered" ? jsonOf(exchanged.body) : undefined;
}
