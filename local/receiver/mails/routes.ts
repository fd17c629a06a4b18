import { Hono } from "hono";
import type { KeptMail, Mailbox } from "./mailbox.ts";
import { listPage, mailPage } from "./page.ts";

/** What a letter may do where it is shown, also if it is opened by itself: look as it does, and open links elsewhere. */
const LETTER_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; font-src http: https:";

/** `/mails`: every letter that would have left, for people, and for programs as `/mails.json`. */
export function mailRoutes(mailbox: Mailbox): Hono {
  const app = new Hono();
  app.get("/mails", (context) => context.html(listPage(mailbox.list())));
  app.get("/mails.json", (context) => context.json({ mails: mailbox.list().map(shown) }));
  app.get("/mails/:id", (context) => {
    const mail = mailbox.find(Number(context.req.param("id")));
    return mail ? context.html(mailPage(mail)) : context.notFound();
  });
  app.get("/mails/:id/html", (context) => {
    const mail = mailbox.find(Number(context.req.param("id")));
    if (mail?.parsed.html === undefined) return context.notFound();
    return context.html(`<base target="_blank">${mail.parsed.html}`, 200, {
      "content-security-policy": LETTER_POLICY,
    });
  });
  app.get("/mails/:id/raw", (context) => {
    const mail = mailbox.find(Number(context.req.param("id")));
    return mail ? context.text(mail.raw.toString()) : context.notFound();
  });
  return app;
}

function shown({ id, receivedAt, from, to, parsed }: KeptMail): object {
  const { subject = "", html = "", text = "", headers } = parsed;
  return {
    ...{ id, receivedAt, from, to, subject, html, text },
    headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
  };
}
