import { tellChat } from "../chat.ts";
import { deadLetter, drop, ok } from "../outcome.ts";
import type { Publication } from "../publication.ts";
import { RetryLater, type Task } from "../task.ts";

const MINUTE = 60;

/** The longest wait between two tries, in seconds, where the chat does not say how long. */
const MOST_WAIT = 5 * MINUTE;

/** What the chat reads of each action. */
const WORDS = { publish: "published", unpublish: "taken offline", delete: "deleted" } as const;

/** Tells the chat of a publication. */
const notifyChat: Task<Publication> = async (publication, { chatWebhookUrl, attempt }) => {
  if (!chatWebhookUrl) return drop("no CHAT_WEBHOOK_URL");
  const result = await tellChat(chatWebhookUrl, messageOf(publication));
  if (result.kind === "refused") return deadLetter(result.reason);
  if (result.kind === "sent") return ok;
  // Of a publication the chat hears rather twice than never.
  const asked = result.kind === "later" ? result.retryAfterSeconds : undefined;
  throw new RetryLater(result.reason, asked ?? Math.min(2 ** attempt, MOST_WAIT));
};

export default notifyChat;

/** One line in the chat's own mark-up, in which three characters have to be escaped. */
function messageOf({ action, model, title, slug, locale, documentId }: Publication): string {
  const name = title || slug || documentId;
  const place = [slug, locale].filter(Boolean).join(", ");
  const text = `${model} "${name}"${place ? ` (${place})` : ""} was ${WORDS[action]}`;
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
