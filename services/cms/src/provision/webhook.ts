import type { Core } from "@strapi/strapi";

const events = ["entry.publish", "entry.unpublish", "entry.delete"];

/**
 * Tells the worker about publications.
 *
 * The webhook is known to this process only: it cannot be edited or deleted in the admin page, and its
 * token is neither in the database nor, as `server.webhooks.defaultHeaders` would have it, sent to every
 * other webhook that somebody adds there.
 */
export function addWorkerWebhook(strapi: Core.Strapi): void {
  const { url, token } = strapi.config.get<{ url: string; token: string }>("provision.webhook");
  strapi.get("webhookRunner").add({
    id: "worker",
    name: "worker",
    url,
    headers: { Authorization: `Bearer ${token}` },
    events,
    isEnabled: true,
  });
}
