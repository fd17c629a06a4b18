import { createHmac, timingSafeEqual } from "node:crypto";

/** Source whose write key signs the links in mails, and whose events tell what came back of mails. */
export const MAIL_SOURCE = "mail";

/** What can come back of a mail: it could not be delivered for good, was called spam, or ended the letters. */
export const MAIL_FEEDBACK = ["bounced", "complained", "unsubscribed"] as const;

/** One of {@link MAIL_FEEDBACK}. */
export type MailFeedback = (typeof MAIL_FEEDBACK)[number];

/** Names of the events that tell it, which guard rails may name. */
export const FEEDBACK_EVENTS: Readonly<Record<MailFeedback, string>> = {
  bounced: "Letter Bounced",
  complained: "Letter Complained About",
  unsubscribed: "Unsubscribed",
};

/**
 * Codes (RFC 3463) of failures that lie in whom a mail is for: no such address or mailbox, or one that takes nothing. Others lie in
 * the sender, in what the mail says or in a server on the way: the next one may arrive.
 */
const OF_RECIPIENT = /^5\.(0\.0|1\.([1-6]|10)|2\.\d+|4\.[14]|5\.0)$/;

/** A UUID as mails carry it. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a delivery that failed for good says by its code, as `5.1.1`, that nobody is reached at the address. */
export function isOfRecipient(status: string): boolean {
  return OF_RECIPIENT.test(status);
}

/** Id of the event that tells it: the same however often it is told. Nothing else of the event counts. */
export function feedbackEventId(message: string, feedback: MailFeedback): string {
  return `${message}:${feedback}`;
}

/**
 * What names a message in its link to unsubscribe: 64 characters of `[A-Za-z0-9_-]`, which nobody can make without the key.
 *
 * @param key write key of source {@link MAIL_SOURCE}.
 * @param message its id, a UUID.
 * @throws Error if `message` is none.
 */
export function unsubscribeToken(key: string, message: string): string {
  if (!UUID.test(message)) {
    throw new Error(`message must be a UUID in lower case, got ${JSON.stringify(message)}`);
  }
  const id = Buffer.from(message.replaceAll("-", ""), "hex");
  return Buffer.concat([id, signatureOf(key, id)]).toString("base64url");
}

/** Id of the message that a token names; undefined if it was not made with the key. */
export function unsubscribedMessage(key: string, token: string): string | undefined {
  const bytes = Buffer.from(token, "base64url");
  // Another spelling of the same bytes is another token.
  if (bytes.length !== 48 || bytes.toString("base64url") !== token) return undefined;
  const id = bytes.subarray(0, 16);
  if (!timingSafeEqual(bytes.subarray(16), signatureOf(key, id))) return undefined;
  return id.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function signatureOf(key: string, id: Buffer): Buffer {
  return createHmac("sha256", key).update("unsubscribe\n").update(id).digest();
}
