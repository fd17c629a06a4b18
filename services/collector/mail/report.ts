import PostalMime from "postal-mime";
import { isOfRecipient } from "../../contract/mail-feedback.ts";
import { MalformedBody } from "../dialects/dialect.ts";
import { isFields } from "../dialects/fields.ts";
import { jsonBody } from "../dialects/json-body.ts";
import type { Feedback } from "./mail.ts";

/** A part of a report, by its media type in lower case. */
interface Part {
  readonly type: string;
  readonly text: string;
}

/** Parts of a report that are read, and the most that is kept of each, in characters. */
const READ =
  /^(message\/(delivery-status|global-delivery-status|feedback-report|rfc822|global)|text\/rfc822-headers)$/;
const MOST = 16_000;

/** Most lines that may be where a part begins or ends, and most bytes of headers: reading takes long for many. */
const MOST_BOUNDARIES = 1_000;
const MOST_HEADER_BYTES = 64 * 1024;

/**
 * The parts of a report that say something, of a message as it came over SMTP: JSON, `{"parts": [{"type", "text"}]}`.
 *
 * @throws MalformedBody if it has too many; Error of the parser if its headers are too long.
 */
export async function readableReport(body: Buffer): Promise<Buffer> {
  const boundaries = body.toString("latin1").split("\n--", MOST_BOUNDARIES + 1).length;
  if (boundaries > MOST_BOUNDARIES) {
    throw new MalformedBody(`report must have at most ${MOST_BOUNDARIES} boundaries of parts`);
  }
  const { attachments } = await PostalMime.parse(body, {
    attachmentEncoding: "utf8",
    forceRfc822Attachments: true,
    maxHeadersSize: MOST_HEADER_BYTES,
  });
  const parts = attachments
    .map(({ mimeType, content }) => ({ type: mimeType.toLowerCase(), text: String(content) }))
    .filter(({ type }) => READ.test(type))
    .map(({ type, text }) => ({ type, text: text.slice(0, MOST) }));
  return Buffer.from(JSON.stringify({ parts }));
}

/**
 * What a report says of one of the worker's letters: a delivery that failed for good (RFC 3464), or a complaint (RFC 5965).
 *
 * @param body as {@link readableReport} makes it.
 * @throws MalformedBody if it is no JSON.
 */
export function reported(body: Buffer): Feedback {
  const { parts } = Object(jsonBody(body)) as { parts?: unknown };
  const found = (Array.isArray(parts) ? parts : []).filter(isPart);
  const delivery = found.find(({ type }) => /delivery-status$/.test(type));
  const complaint = found.find(({ type }) => type === "message/feedback-report");
  const feedback = delivery
    ? ofDelivery(groupsOf(delivery.text))
    : complaint && ofComplaint(groupsOf(complaint.text));
  if (feedback === undefined) {
    return {
      reason:
        "report must have a part message/delivery-status or message/feedback-report, got none",
    };
  }
  if (feedback === "nothing") return undefined;
  const message = messageOf(found);
  return message
    ? { message, feedback }
    : { reason: "report must tell the Message-ID of one of our letters, got none" };
}

function isPart(part: unknown): part is Part {
  return isFields(part) && typeof part.type === "string" && typeof part.text === "string";
}

type Fields = ReadonlyMap<string, string>;

function ofDelivery(groups: readonly Fields[]): "bounced" | "nothing" {
  const isFailed = groups.some(
    (group) =>
      group.get("action")?.toLowerCase() === "failed" &&
      isOfRecipient(/^[\d.]*/.exec(group.get("status") ?? "")![0]),
  );
  return isFailed ? "bounced" : "nothing";
}

function ofComplaint(groups: readonly Fields[]): "complained" | "unsubscribed" | "nothing" {
  switch (groups[0]?.get("feedback-type")?.toLowerCase()) {
    case "abuse":
    case "fraud":
    case "other":
    case "virus":
      return "complained";
    case "opt-out":
    case "opt-out-list":
      return "unsubscribed";
    default:
      return "nothing";
  }
}

/** By the headers of the letter, which reports bring back, else by the name of its envelope. */
function messageOf(parts: readonly Part[]): string | undefined {
  const letter = parts.find(({ type }) => /^message\/(rfc822|global)$|rfc822-headers$/.test(type));
  const named = letter && groupsOf(letter.text)[0]?.get("message-id");
  const enveloped = parts
    .flatMap(({ text }) => groupsOf(text))
    .map((one) => one.get("original-envelope-id"));
  return [named, ...enveloped]
    .map(
      (one) =>
        /^<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:@[^>]*>?)?$/.exec(one ?? "")?.[1],
    )
    .find((one) => one !== undefined);
}

/** Fields as headers have them, in groups parted by empty lines; the first of a name counts. */
function groupsOf(text: string): Fields[] {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/^\n+/, "")
    .split(/\n{2,}/)
    .map((group) => {
      const fields = new Map<string, string>();
      for (const line of group.replace(/\n[ \t]+/g, " ").split("\n")) {
        const [, name, value] = /^([\w-]{1,64}):(.*)$/s.exec(line) ?? [];
        if (name && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value!.trim());
      }
      return fields;
    });
}
