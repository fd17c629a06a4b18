import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type ConversationsHistoryResponse,
} from "@slack/web-api";
import type { SlackSettings } from "../../contract/connectors.ts";
import type { Channel } from "../journeys/channel.ts";
import {
  failureOf,
  outcomeOf,
  outcomeOfStatus,
  TIMEOUT,
  tooLate,
  wordOf,
  type Failure,
} from "./exchange.ts";
import { withWords, type FindWords } from "./words.ts";

/** Name by which a message carries its id in Slack's metadata, where people do not see it. */
const EVENT = "marketing_stack_message";

/** What Slack says while it has not done anything, and may later. */
const LATER = new Set(["ratelimited", "rate_limited", "service_unavailable"]);

/** What Slack says when it may have done something. */
const UNKNOWN = new Set(["fatal_error", "internal_error", "request_timeout"]);

/** How far the clocks of both may be apart, in milliseconds. */
const SKEW = 120_000;

/** A channel of Slack by its Web API; what became of a message is asked of the channel's history. */
export function slackChannel({ token, channel, url }: SlackSettings, find: FindWords): Channel {
  const client = new WebClient(token, {
    ...(url && { slackApiUrl: url }),
    logLevel: LogLevel.ERROR,
    // Whoever sends tries again.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT,
    // The client keeps nothing of an error that is not of its own realm.
    fetch: (to, init) =>
      fetch(to, init).catch((cause: unknown) => {
        throw new Error("no answer", { cause });
      }),
  });

  return {
    isKeyed: false,
    send: (effect) =>
      withWords(effect, find, async ({ title, text }) => {
        if (effect.signal.aborted) return tooLate;
        try {
          const { ts } = await client.chat.postMessage({
            channel,
            text: escape(`*${title}*\n${text}`),
            unfurl_links: false,
            metadata: { event_type: EVENT, event_payload: { id: effect.id } },
          });
          return { kind: "sent", ...(ts && { reference: ts }) };
        } catch (error) {
          return outcomeOfError(error);
        }
      }),
    async ask({ id }, since) {
      const oldest = String((since.getTime() - SKEW) / 1000);
      let cursor: string | undefined;
      try {
        do {
          const page: ConversationsHistoryResponse = await client.conversations.history({
            channel,
            oldest,
            limit: 200,
            include_all_metadata: true,
            ...(cursor && { cursor }),
          });
          const found = (page.messages ?? []).find((message) => idOf(message) === id);
          if (found) return { kind: "sent", ...(found.ts && { reference: found.ts }) };
          cursor = page.response_metadata?.next_cursor || undefined;
        } while (cursor);
        return { kind: "later", reason: "Slack was asked and does not have it" };
      } catch (error) {
        return { ...outcomeOfError(error), kind: "unknown" };
      }
    },
  };
}

function idOf(message: object): string | undefined {
  const { metadata } = message as {
    metadata?: { event_type?: string; event_payload?: { id?: string } };
  };
  return metadata?.event_type === EVENT ? metadata.event_payload?.id : undefined;
}

function outcomeOfError(error: unknown): Failure {
  if (error instanceof WebAPIRateLimitedError) {
    return outcomeOfStatus("Slack", 429, String(error.retryAfter));
  }
  if (error instanceof WebAPIPlatformError) {
    const word = error.data.error;
    const reason = `Slack answered 200 and ${wordOf(word)}`;
    if (LATER.has(word)) return { kind: "later", reason };
    // What is no word is not of Slack's API: a page of whoever stands before it.
    const isUnknown = UNKNOWN.has(word) || !/^[a-z_]+$/.test(word);
    return { kind: isUnknown ? "unknown" : "refused", reason };
  }
  if (error instanceof WebAPIHTTPError) {
    return outcomeOfStatus("Slack", error.statusCode, error.headers["retry-after"] ?? "");
  }
  if (error instanceof WebAPIRequestError)
    return outcomeOf("Slack", failureOf(error.original.cause))!;
  // A 429 without a time, or an answer that is no JSON: the client has no class for either.
  return (error as Error).message.startsWith("Retry header")
    ? { kind: "later", reason: "Slack answered 429" }
    : { kind: "unknown", reason: `Slack's answer cannot be read: ${(error as Error).name}` };
}

/** As Slack's mark-up wants text: three characters. */
function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
