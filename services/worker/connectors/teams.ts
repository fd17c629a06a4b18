import type { TeamsSettings } from "../../contract/connectors.ts";
import type { Channel, Outcome } from "../journeys/channel.ts";
import { exchange, outcomeOf, tooLate } from "./exchange.ts";
import { withWords, type FindWords } from "./words.ts";

/**
 * A channel of Microsoft Teams by a workflow's webhook.
 *
 * A workflow cannot be asked what became of a message and knows no key, so an unknown outcome stays one.
 */
export function teamsChannel({ url }: TeamsSettings, find: FindWords): Channel {
  return {
    isKeyed: false,
    send: (effect) =>
      withWords(effect, find, async ({ title, text }) => {
        if (effect.signal.aborted) return tooLate;
        const exchanged = await exchange(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(cardOf(title, text)),
        });
        const failure = outcomeOf("Teams", exchanged);
        if (failure) return failure;
        return outcomeInside(exchanged.kind === "answered" ? exchanged.body : "");
      }),
  };
}

/**
 * What the body of a success says. Teams tells of what failed behind its front with 200: "Webhook message delivery failed with
 * error: Microsoft Teams endpoint returned HTTP error 429".
 */
function outcomeInside(body: string): Outcome {
  const behind = /returned HTTP error (\d{3})/.exec(body)?.[1];
  if (behind === "429") return { kind: "later", reason: "Teams answered 200 and 429" };
  if (behind || /\bfailed\b/i.test(body)) {
    return { kind: "refused", reason: `Teams answered 200 and ${behind ?? "a failure"}` };
  }
  return { kind: "sent" };
}

/** A message as an Adaptive Card, in runs of text: nothing in them is taken for mark-up. */
function cardOf(title: string, text: string): object {
  const block = (words: string, style: object): object => ({
    type: "RichTextBlock",
    inlines: [{ type: "TextRun", text: words, ...style }],
  });
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            block(title, { weight: "Bolder", size: "Medium" }),
            ...text
              .split(/\n+/)
              .filter(Boolean)
              .map((line) => block(line, {})),
          ],
        },
      },
    ],
  };
}
