import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Mailbox } from "./mails/mailbox.ts";
import { mailRoutes } from "./mails/routes.ts";
import type { Inbox } from "./notification.ts";
import { fromPagerduty, fromSlack, fromWebhook } from "./shapes.ts";

/** Largest notification, in bytes. */
const MAX_BODY = 1024 * 1024;

/**
 * The HTTP side of the receiver: webhooks, Slack and PagerDuty come in, `/notifications` lists what came, and `/mails` shows
 * letters of campaigns.
 */
export function createApp(inbox: Inbox, mailbox = new Mailbox()): Hono {
  const app = new Hono();
  app.route("/", mailRoutes(mailbox));
  app.use(bodyLimit({ maxSize: MAX_BODY }));
  app.onError((error, context) =>
    error instanceof SyntaxError
      ? context.json({ error: "body must be JSON" }, 400)
      : context.json({ error: "internal error" }, 500),
  );

  app.get("/healthz/ready", (context) => context.json({ status: "ready" }));
  app.get("/notifications", (context) => {
    const { project, alert, since } = context.req.query();
    if (since !== undefined && Number.isNaN(Date.parse(since))) {
      return context.json({ error: `since must be RFC 3339, got ${JSON.stringify(since)}` }, 400);
    }
    return context.json({ notifications: inbox.list({ project, alert, since }) });
  });

  app.post("/webhook/*", async (context) => {
    for (const one of fromWebhook(await context.req.json(), context.req.path)) inbox.add(one);
    return context.json({});
  });
  app.post("/slack/api/chat.postMessage", async (context) => {
    if (!/^Bearer \S+$/.test(context.req.header("authorization") ?? "")) {
      return context.json({ ok: false, error: "not_authed" });
    }
    inbox.add(fromSlack(await context.req.json()));
    return context.json({ ok: true });
  });
  app.post("/pagerduty/v2/enqueue", async (context) => {
    const event = (await context.req.json()) as { routing_key?: string; dedup_key?: string };
    if (!event.routing_key) return context.json({ status: "invalid event" }, 400);
    inbox.add(fromPagerduty(event));
    return context.json({ status: "success", dedup_key: event.dedup_key }, 202);
  });
  return app;
}
