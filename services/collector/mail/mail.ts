import {
  FEEDBACK_EVENTS,
  feedbackEventId,
  unsubscribedMessage,
  type MailFeedback,
} from "../../contract/mail-feedback.ts";
import { isSameText } from "../../contract/same-text.ts";
import { json, refused } from "../answer.ts";
import { isoTime } from "../dialects/clock.ts";
import type { Call, Decoded, Dialect, Draft, Submission } from "../dialects/dialect.ts";
import { bearerToken } from "../flags/bearer-token.ts";
import { readableReport, reported } from "./report.ts";
import { invalidLinkPage, unsubscribedPage, unsubscribePage } from "./unsubscribe-page.ts";

/** Largest report; the letter that it is about may be in it. */
const MAX_REPORT = 1024 * 1024;

/** Largest body that comes with a click, which says nothing that counts. */
const MAX_CLICK = 8 * 1024;

/**
 * What comes back of the worker's letters: clicks that unsubscribe, by RFC 8058 too, and reports of mail servers (RFC 3464, RFC 5965).
 *
 * An event says of which message and what, and nothing of the person: so it needs no consent, and withdrawing one is never lost.
 *
 * @param keys write keys of the source `mail`, the newest first: they sign links, and let reports in.
 */
export function mailDialect(keys: readonly string[]): Dialect {
  /** The key that made the token in the path, and the message. */
  const clicked = ({ pathKey }: Call): { key: string; message: string } | undefined => {
    for (const key of keys) {
      const message = unsubscribedMessage(key, pathKey);
      if (message !== undefined) return { key, message };
    }
    return undefined;
  };
  return {
    name: "mail",
    endpoints: [
      {
        kind: "page",
        method: "GET",
        path: "/mail/unsubscribe/:key",
        maxBytes: MAX_CLICK,
        page: unsubscribePage,
      },
      {
        kind: "events",
        method: "POST",
        path: "/mail/unsubscribe/:key",
        maxBytes: MAX_CLICK,
        decode(call) {
          const click = clicked(call);
          return {
            ...decodedAs(call, click && { message: click.message, feedback: "unsubscribed" }),
            answer: unsubscribedPage(),
          };
        },
      },
      {
        kind: "events",
        method: "POST",
        path: "/mail/reports",
        maxBytes: MAX_REPORT,
        readable: readableReport,
        decode: (call) => decodedAs(call, reported(call.body)),
      },
    ],
    keyOf: (call) =>
      call.pathKey === ""
        ? keys.find((key) => isSameText(key, bearerToken(call.headers) ?? ""))
        : clicked(call)?.key,
    keyIn: () => undefined,
    accepted: (_call, { length }) => json(200, { feedback: length }),
    refused: (refusal, { pathKey }) =>
      pathKey !== "" && refusal.code === "unknown_write_key" ? invalidLinkPage() : refused(refusal),
  };
}

/** What of which message, or why nothing can be made of it; undefined for nothing to tell. */
export type Feedback =
  | { readonly message: string; readonly feedback: MailFeedback }
  | { readonly reason: string }
  | undefined;

function decodedAs(call: Call, said: Feedback): Decoded {
  if (!said) return { writeKey: undefined, submissions: [] };
  const submission: Submission = {
    draft: "reason" in said ? said : draftOf(said.message, said.feedback, call.at),
    sent: said,
    raw: () => call.body,
  };
  return { writeKey: undefined, submissions: [submission] };
}

function draftOf(message: string, feedback: MailFeedback, at: number): Draft {
  return {
    id: feedbackEventId(message, feedback),
    type: "track",
    name: FEEDBACK_EVENTS[feedback],
    anonymousId: null,
    userId: null,
    occurredAt: isoTime(at)!,
    context: {},
    properties: {},
    consent: [],
    campaign: null,
  };
}
