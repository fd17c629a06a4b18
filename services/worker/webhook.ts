import {
  contentTypes,
  publicationOf,
  type Entry,
  type Publication,
  type PublicationAction,
} from "./publication.ts";

/** Strapi's names for what we record. */
const ACTIONS: ReadonlyMap<string, PublicationAction> = new Map([
  ["entry.publish", "publish"],
  ["entry.unpublish", "unpublish"],
  ["entry.delete", "delete"],
]);

/** What a webhook's body turned out to be. */
export type WebhookResult =
  | { readonly kind: "publication"; readonly publication: Publication; readonly createdAt: number }
  | { readonly kind: "ignored" }
  | { readonly kind: "malformed"; readonly reason: string };

/** Reads the body of Strapi's webhook; events and content types that nobody records are ignored. */
export function readWebhook(body: unknown): WebhookResult {
  if (typeof body !== "object" || body === null)
    return { kind: "malformed", reason: "body must be a JSON object" };
  const { event, createdAt, model, entry } = body as Record<string, unknown>;
  if (typeof event !== "string") return { kind: "malformed", reason: "event must be a text" };
  const action = ACTIONS.get(event);
  if (!action || typeof model !== "string" || !contentTypes.has(model)) return { kind: "ignored" };
  if (typeof entry !== "object" || entry === null)
    return { kind: "malformed", reason: "entry must be an object" };
  const time = action === "publish" ? (entry as Entry).publishedAt : createdAt;
  const publication = publicationOf(action, model, entry as Entry, time);
  if (!publication) {
    return { kind: "malformed", reason: "entry must have a documentId, and it or the body a time" };
  }
  return { kind: "publication", publication, createdAt: Date.parse(String(createdAt)) };
}
